import { Verifier } from "propelauth-edge";

let auth;

export default {
  fetch(request, env) {
    auth ??= new Verifier({ verifierKey: env.PROPELAUTH_VERIFIER_KEY, issuer: env.PROPELAUTH_ISSUER });
    const user = auth.validateAccessTokenAndGetUser(request.headers.get("Authorization"));
    return Response.json({ user_id: user.userId });
  },
};
