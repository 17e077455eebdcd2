// The peers that only run in Node.
import { initBaseAuth } from "@propelauth/node";
import { createVerifier } from "fast-jwt";

import { bearer, mayIn } from "./candidates.mjs";

export function nodePeers({ publicPem, issuer }) {
  const propelauth = initBaseAuth({
    authUrl: issuer,
    apiKey: "unused",
    manualTokenVerificationMetadata: { verifierKey: publicPem, issuer },
  });
  const fastJwt = (cache) => {
    const verify = createVerifier({ key: publicPem, algorithms: ["RS256"], allowedIss: issuer, cache });
    return (header, org) => {
      try {
        return mayIn(verify(bearer(header)), org);
      } catch {
        return false;
      }
    };
  };
  return {
    "@propelauth/node": async (header, org) => {
      try {
        const user = await propelauth.validateAccessTokenAndGetUser(header);
        return user.orgIdToOrgMemberInfo[org].userPermissions.includes("billing::view");
      } catch {
        return false;
      }
    },
    "fast-jwt": fastJwt(false),
    "fast-jwt, cache hit": fastJwt(true),
  };
}
