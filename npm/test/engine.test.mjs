// The engine: what remains in its memory after a call, and the effect of its errors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const instances = [];
/** Replaces a validation. */
let fault;
WebAssembly.Instance = class extends WebAssembly.Instance {
  constructor(...module) {
    super(...module);
    instances.push(this);
    const call = (...args) => (fault ?? this.exports.validate_access_token)(...args);
    return { exports: { ...this.exports, validate_access_token: call } };
  }
};
const { AuthError, UnauthorizedError, Verifier } = await import("propelauth-edge");
const { bearer, file, ISSUER } = await import("../../tests/platforms/tokens.mjs");

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const token = read("examples/demo/access_token.jwt").trim();
const issuer = "https://auth.example.com";
const [, payload, signature] = token.split(".");
const { iat, user_id, email, last_name } = JSON.parse(Buffer.from(payload, "base64url"));
const now = new Date(iat * 1000);

/** Counts the eight-byte pieces of the text in the memory. */
function remains(text) {
  const memory = Buffer.from(instances.at(-1).exports.memory.buffer);
  let found = 0;
  for (let at = 0; at + 8 <= text.length; at += 8) found += Number(memory.includes(text.slice(at, at + 8)));
  return found;
}

test("no token and no user stays in the memory", () => {
  const auth = new Verifier({ verifierKey: read("examples/demo/verifier_key.pem"), issuer });
  const other = new Verifier({ verifierKey: read("tests/data/keys/rsa2048.pem"), issuer });
  assert.ok(remains(issuer) > 0);
  for (const call of [
    () => auth.validateAccessToken(token, { now }),
    () => auth.validateAccessTokenAndGetUser(`Bearer ${token}`, { now }),
    () => assert.throws(() => auth.validateAccessToken(token), UnauthorizedError),
    () => assert.throws(() => other.validateAccessToken(token, { now }), UnauthorizedError),
    () => assert.throws(() => auth.validateAccessToken(`${token}é`, { now }), UnauthorizedError),
  ]) {
    call();
    // The stack may contain SHA-256's last block.
    for (const text of [
      payload.slice(0, -63),
      signature,
      user_id,
      email,
      last_name,
      "favorite_color",
      "billing::view",
    ]) {
      assert.equal(remains(text), 0, text);
    }
  }
  assert.equal(instances.length, 1);
});

test("no org stays in the memory, and an org is asked of a new instance after a fault", () => {
  const auth = new Verifier({ verifierKey: file("keys/rsa2048.pem"), issuer: ISSUER });
  const names = Array.from({ length: 50 }, (_, i) => `a-long-name-of-org-${i}`);
  const entry = (name) => ({
    org_id: name,
    org_name: `${name}-displayed`,
    url_safe_org_name: name,
    org_metadata: {},
    user_role: "Member",
    inherited_user_roles_plus_current_role: ["Member"],
    user_permissions: ["may-look-at-everything"],
  });
  const orgs = Object.fromEntries(names.map((name) => [name, entry(name)]));
  const header = bearer(300, undefined, { org_id_to_org_member_info: orgs });
  const isClean = () => {
    for (const text of [names[20], names[49], "may-look-at-everything", header.slice(1000, 2000)]) {
      assert.equal(remains(text), 0, text);
    }
  };
  const user = auth.validateAccessTokenAndGetUser(header);
  isClean();
  assert.equal(user.getOrg(names[20]).orgId, names[20]);
  isClean();
  assert.equal(user.getOrg("a-long-name-of-org-x"), undefined);
  isClean();
  assert.equal(user.getOrgByName(`${names[49]}-displayed`).orgId, names[49]);
  isClean();
  fault = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  assert.throws(() => auth.validateAccessToken(token));
  fault = undefined;
  const before = instances.length;
  assert.equal(user.getOrg(names[21]).orgId, names[21]);
  assert.equal(instances.length, before + 1);
  assert.equal(user.getOrgs().length, 50);
  isClean();
});

test("a fault of the engine is no refusal, and costs one call", () => {
  const verifierKey = read("examples/demo/verifier_key.pem");
  const trap = () => {
    throw new WebAssembly.RuntimeError("unreachable");
  };
  for (const instead of [() => 0, trap]) {
    const auth = new Verifier({ verifierKey, issuer });
    assert.ok(auth.validateAccessToken(token, { now }));
    fault = instead;
    assert.throws(
      () => auth.validateAccessToken(token, { now }),
      (error) => !(error instanceof AuthError) && error.status === undefined,
    );
    fault = undefined;
    assert.ok(auth.validateAccessToken(token, { now }));
  }
});
