import { initAuth } from "@propelauth/cloudflare-worker";

let auth;

export default {
  async fetch(request, env) {
    const { PROPELAUTH_ISSUER: authUrl, PROPELAUTH_VERIFIER_KEY: verifierKey } = env;
    auth ??= initAuth({ authUrl, apiKey: "unused", verifierKey });
    const user = await auth.validateAuthHeaderAndGetUser(request.headers.get("Authorization"));
    return Response.json({ user_id: user.userId });
  },
};
