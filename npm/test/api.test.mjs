// What the corpora do not ask: how a verifier is configured, and what it does by default.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as propelauth from "propelauth-edge";

const { ForbiddenError, UnauthorizedError, User, Verifier } = propelauth;

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const verifierKey = read("examples/demo/verifier_key.pem");
const otherKey = read("tests/data/keys/rsa2048.pem");
const token = read("examples/demo/access_token.jwt").trim();
const header = `Bearer ${token}`;
const issuer = "https://auth.example.com";
const { iat, exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
const at = (seconds) => ({ now: new Date(seconds * 1000) });
const options = at(iat);

const refusal = (code) => (error) => error instanceof UnauthorizedError && error.status === 401 && error.code === code;

test("the package exports this and nothing else", () => {
  assert.deepEqual(Object.keys(propelauth), ["ForbiddenError", "OrgMemberInfo", "UnauthorizedError", "User", "Verifier"]);
});

test("the time is the present unless said otherwise", () => {
  const auth = new Verifier({ verifierKey, issuer });
  assert.ok(auth.validateAccessToken(token, options) instanceof User);
  assert.throws(() => auth.validateAccessToken(token), refusal("Expired"));
  assert.throws(() => auth.validateAccessToken(token, at(NaN)), refusal("NotYetValid"));
  assert.throws(() => auth.validateAccessToken(token, at(-1)), refusal("NotYetValid"));
});

test("the leeway is 60 seconds unless said otherwise", () => {
  for (const [leewaySeconds, leeway] of [[undefined, 60], [0, 0], [5, 5]]) {
    const auth = new Verifier({ verifierKey, issuer, leewaySeconds });
    assert.ok(auth.validateAccessTokenAndGetUser(header, at(exp + leeway - 1)));
    assert.throws(() => auth.validateAccessTokenAndGetUser(header, at(exp + leeway + 1)), refusal("Expired"));
  }
});

test("verifiers do not know of each other", () => {
  const good = new Verifier({ verifierKey, issuer });
  const verifiers = [
    [new Verifier({ verifierKey: otherKey, issuer }), "InvalidSignature"],
    [new Verifier({ verifierKey, issuer: `${issuer}/` }), "WrongIssuer"],
    [new Verifier({ verifierKey, issuer, leewaySeconds: 0 }), undefined],
    [new Verifier({ verifierKey: otherKey, issuer, additionalVerifierKey: verifierKey }), undefined],
    [new Verifier({ verifierKey, issuer, additionalVerifierKey: otherKey }), undefined],
  ];
  for (const [verifier, code] of [...verifiers, ...verifiers.toReversed()]) {
    assert.ok(good.validateAccessToken(token, options));
    if (code === undefined) assert.ok(verifier.validateAccessToken(token, options));
    else assert.throws(() => verifier.validateAccessToken(token, options), refusal(code));
    assert.throws(() => new Verifier({ verifierKey: "", issuer }));
  }
});

test("what cannot be used is named when the verifier is made", () => {
  const message = (options) => {
    try {
      new Verifier(options);
    } catch (error) {
      return `${error.name}: ${error.message}`;
    }
  };
  assert.equal(message({ issuer }), "TypeError: the verifierKey is not a string");
  assert.equal(message({ verifierKey }), "TypeError: the issuer is not a string");
  assert.equal(message({ verifierKey, issuer: "" }), "Error: the issuer is empty");
  assert.equal(message({ verifierKey, issuer: "i".repeat(1 << 20) }), "Error: the issuer is too long");
  assert.equal(message({ verifierKey: "k".repeat(1 << 20), issuer }), "Error: the verifier key is too long");
  const additional = (additionalVerifierKey) => message({ verifierKey, issuer, additionalVerifierKey });
  assert.equal(additional(""), "Error: additionalVerifierKey: the verifier key is empty");
  assert.equal(additional(null), "TypeError: the additionalVerifierKey is not a string");
  for (const leewaySeconds of [-1, 0.5, NaN, 2 ** 32, "5"]) {
    assert.match(message({ verifierKey, issuer, leewaySeconds }), /^RangeError: leewaySeconds is not a whole number/);
  }
});

test("what is no text is a mistake of the program, and no header is none", () => {
  const auth = new Verifier({ verifierKey, issuer });
  for (const none of [undefined, null, ""]) {
    assert.throws(() => auth.validateAccessTokenAndGetUser(none, options), refusal("MissingHeader"));
  }
  for (const mistake of [1, {}, [header]]) {
    assert.throws(() => auth.validateAccessTokenAndGetUser(mistake, options), TypeError);
  }
  assert.throws(() => auth.validateAccessToken(undefined, options), TypeError);
});

test("a text of any length is refused", () => {
  const auth = new Verifier({ verifierKey, issuer });
  for (const character of ["A", ".", "é", "\u{1f511}", "\ud800"]) {
    const long = character.repeat(1 << 20);
    assert.throws(() => auth.validateAccessToken(long, options), refusal("TokenTooLong"));
    assert.throws(() => auth.validateAccessTokenAndGetUser(`Bearer ${long}`, options), refusal("TokenTooLong"));
    assert.throws(() => auth.validateAccessTokenAndGetUser(long, options), refusal("MalformedHeader"));
  }
  assert.throws(() => auth.validateAccessToken(`${token}${" ".repeat(1 << 20)}`, options), refusal("TokenTooLong"));
});

test("a refusal tells the reason for the log and holds nothing of the token", () => {
  const auth = new Verifier({ verifierKey: otherKey, issuer });
  assert.throws(
    () => auth.validateAccessTokenAndGetUser(header, options),
    (error) => {
      assert.equal(error.message, "Invalid access token");
      assert.equal(error.reason, "invalid signature");
      assert.ok(!JSON.stringify([error, error.stack]).includes(token.slice(0, 20)));
      return refusal("InvalidSignature")(error);
    },
  );
});

test("an org that is not named is an org that nobody is a member of", () => {
  const auth = new Verifier({ verifierKey, issuer });
  for (const org of [{}, { orgId: null }, { orgName: undefined }, { orgId: "__proto__" }, { orgName: "" }]) {
    assert.throws(
      () => auth.validateAccessTokenAndGetUserWithOrgInfo(header, org, options),
      (error) => error instanceof ForbiddenError && error.status === 403 && error.code === "NotMemberOfOrg",
    );
  }
});

test("names that every object has lead nowhere", () => {
  const user = new Verifier({ verifierKey, issuer }).validateAccessToken(token, options);
  for (const name of ["__proto__", "constructor", "hasOwnProperty", "toString"]) {
    assert.equal(user.getOrg(name), undefined);
    assert.equal(user.getUserProperty(name), undefined);
    assert.equal(user.isRole(name, "Admin"), false);
  }
});
