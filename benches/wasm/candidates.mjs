// All candidates, for Node and workerd. A candidate takes an `Authorization` header and an org id. It returns, or
// promises, whether the token is valid and its user has the permission in the org.
import jwt from "@tsndr/cloudflare-worker-jwt";
import { importSPKI, jwtVerify } from "jose";

const PERMISSION = "billing::view";

/** Checks the org in PropelAuth's claims, for libraries that leave this to their users. */
export function mayIn(claims, org) {
  const info = claims.org_member_info ?? claims.org_id_to_org_member_info?.[org];
  return info?.org_id === org && info.user_permissions.includes(PERMISSION);
}

export const bearer = (header) => header.slice("Bearer ".length);

function fromBase64(text) {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

const encoder = new TextEncoder();

/** Returns `check` or `check_cached` of a module. */
function wasm(module, name) {
  const { exports } = new WebAssembly.Instance(module, {});
  let input = new Uint8Array(0);
  return (header, org) => {
    // On the first call, and after the memory has grown.
    if (input.length === 0) input = new Uint8Array(exports.memory.buffer, exports.input());
    const orgLength = encoder.encodeInto(org, input).written;
    const length = orgLength + encoder.encodeInto(header, input.subarray(orgLength)).written;
    return exports[name](orgLength, length, Date.now() / 1000) === 1;
  };
}

/**
 * Returns the candidates that run everywhere, by name. `modules` are compiled WebAssembly modules, `Verifier` is that of
 * the npm package.
 */
export async function candidates(modules, Verifier, { publicPem, issuer }) {
  const verifier = new Verifier({ verifierKey: publicPem, issuer });
  const spki = fromBase64(publicPem.replace(/-----[^-]+-----|\s/g, ""));
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  const joseKey = await importSPKI(publicPem, "RS256");

  return {
    "propelauth-edge, relaxed SIMD": wasm(modules.edgeRelaxed, "check"),
    "propelauth-edge, plain": wasm(modules.edgePlain, "check"),
    "propelauth-edge, relaxed SIMD, cache hit": wasm(modules.edgeRelaxed, "check_cached"),
    "propelauth-edge, plain, cache hit": wasm(modules.edgePlain, "check_cached"),
    "propelauth-edge on npm": (header, org) => {
      try {
        return verifier.validateAccessTokenAndGetUser(header).hasPermission(org, PERMISSION);
      } catch {
        return false;
      }
    },
    "rsa and serde_json in wasm": wasm(modules.rsaPlain, "check"),
    "rsa and serde_json in wasm, SIMD": wasm(modules.rsaRelaxed, "check"),
    jose: async (header, org) => {
      try {
        return mayIn((await jwtVerify(bearer(header), joseKey, { issuer, algorithms: ["RS256"] })).payload, org);
      } catch {
        return false;
      }
    },
    "@tsndr/cloudflare-worker-jwt": async (header, org) => {
      const token = await jwt.verify(bearer(header), publicPem, { algorithm: "RS256" });
      return token !== undefined && token.payload.iss === issuer && mayIn(token.payload, org);
    },
    // The signature without the claims: a lower bound for everything that uses it.
    "crypto.subtle.verify alone": async (header) => {
      const end = header.lastIndexOf(".");
      const signature = fromBase64(header.slice(end + 1).replaceAll("-", "+").replaceAll("_", "/"));
      return crypto.subtle.verify(algorithm, key, signature, encoder.encode(header.slice("Bearer ".length, end)));
    },
  };
}

/** Runs a candidate this many times. Returns how often it said yes. */
export async function batch(candidate, header, org, calls) {
  let good = 0;
  for (let i = 0; i < calls; i++) {
    const answer = candidate(header, org);
    good += (answer instanceof Promise ? await answer : answer) ? 1 : 0;
  }
  return good;
}
