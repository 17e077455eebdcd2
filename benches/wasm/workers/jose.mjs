import { importSPKI, jwtVerify } from "jose";

let key;

export default {
  async fetch(request, env) {
    key ??= await importSPKI(env.PROPELAUTH_VERIFIER_KEY, "RS256");
    const token = request.headers.get("Authorization").slice("Bearer ".length);
    const { payload } = await jwtVerify(token, key, { issuer: env.PROPELAUTH_ISSUER, algorithms: ["RS256"] });
    return Response.json({ user_id: payload.user_id });
  },
};
