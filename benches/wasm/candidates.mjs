// Everything that is measured, in Node and in workerd. A candidate is a function of an `Authorization` header and the id
// of an org that tells, or promises to tell, whether the token is good and its user has the permission in the org.
import jwt from "@tsndr/cloudflare-worker-jwt";
import { importSPKI, jwtVerify } from "jose";

const PERMISSION = "billing::view";

/** What PropelAuth's claims say of it, for those who leave that to their users. */
export function mayIn(claims, org) {
  const info = claims.org_member_info ?? claims.org_id_to_org_member_info?.[org];
  return info?.org_id === org && info.user_permissions.includes(PERMISSION);
}

export const bearer = (header) => header.slice("Bearer ".length);

function fromBase64(text) {
  const binary = atob(text);
  const octets = new Uint8Array(binary.length);
  for (let i = 0; i < octets.length; i++) octets[i] = binary.charCodeAt(i);
  return octets;
}

const encoder = new TextEncoder();

/** `check` or `check_cached` of a module. */
function wasm(module, name) {
  const { exports } = new WebAssembly.Instance(module, {});
  let input = new Uint8Array(0);
  return (header, org) => {
    // The first time, and when the memory has grown.
    if (input.length === 0) input = new Uint8Array(exports.memory.buffer, exports.input());
    const orgLength = encoder.encodeInto(org, input).written;
    const length = orgLength + encoder.encodeInto(header, input.subarray(orgLength)).written;
    return exports[name](orgLength, length, Date.now() / 1000) === 1;
  };
}

/** Their names to the candidates that run everywhere. `modules` are compiled WebAssembly modules. */
export async function candidates(modules, { publicPem, issuer }) {
  const spki = fromBase64(publicPem.replace(/-----[^-]+-----|\s/g, ""));
  const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("spki", spki, algorithm, false, ["verify"]);
  const joseKey = await importSPKI(publicPem, "RS256");

  return {
    "propelauth-edge, relaxed SIMD": wasm(modules.edgeRelaxed, "check"),
    "propelauth-edge, plain": wasm(modules.edgePlain, "check"),
    "propelauth-edge, relaxed SIMD, cache hit": wasm(modules.edgeRelaxed, "check_cached"),
    "propelauth-edge, plain, cache hit": wasm(modules.edgePlain, "check_cached"),
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
    // The signature and no claims: what nobody who calls it can be faster than.
    "crypto.subtle.verify alone": async (header) => {
      const end = header.lastIndexOf(".");
      const signature = fromBase64(header.slice(end + 1).replaceAll("-", "+").replaceAll("_", "/"));
      return crypto.subtle.verify(algorithm, key, signature, encoder.encode(header.slice("Bearer ".length, end)));
    },
  };
}

/** Runs a candidate so many times. How often it said yes. */
export async function batch(candidate, header, org, calls) {
  let good = 0;
  for (let i = 0; i < calls; i++) {
    const answer = candidate(header, org);
    good += (answer instanceof Promise ? await answer : answer) ? 1 : 0;
  }
  return good;
}
