// Tokens for tests that are not written in Rust.
import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";

const DATA = new URL("../data/", import.meta.url);

export const ISSUER = "https://auth.acme-example.com";
export const ORG = "1f3c5a6e-0d5b-4b8e-9a53-7c1d2e3f4a5b";
export const USER = "9b2e8f64-3c1d-4f7a-8e5b-6a7c8d9e0f1a";

export const file = (name) => readFileSync(new URL(name, DATA), "utf8");

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** Returns the lines of a compressed file of the test data. */
export const rows = (name, decompress) =>
  new TextDecoder()
    .decode(decompress(readFileSync(new URL(`${name}.jsonl.zst`, DATA))))
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Returns the header of a user who is a `Member` of one org, with the permission `billing::view`. */
export function bearer(seconds = 300, key = file("keys/private/rsa2048.pem"), changes = {}) {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iss: ISSUER,
    user_id: USER,
    email: "ada@example.com",
    iat: now - 300,
    exp: now + seconds,
    org_id_to_org_member_info: {
      [ORG]: {
        org_id: ORG,
        org_name: "Acme",
        url_safe_org_name: "acme",
        org_metadata: {},
        org_role_structure: "single_role_in_hierarchy",
        user_role: "Member",
        inherited_user_roles_plus_current_role: ["Member"],
        user_permissions: ["billing::view"],
        additional_roles: [],
      },
    },
    ...changes,
  };
  const text = `${encode({ typ: "JWT", alg: "RS256" })}.${encode(claims)}`;
  return `Bearer ${text}.${sign("sha256", Buffer.from(text), createPrivateKey(key)).toString("base64url")}`;
}

/** Returns the header with another signature. */
export const forge = (header) => header.slice(0, -20) + (header.at(-20) === "A" ? "B" : "A") + header.slice(-19);
