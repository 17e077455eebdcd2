// Tests beyond the corpora: a verifier's settings and their defaults.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import * as propelauth from "propelauth-edge";

import { bearer } from "../../tests/platforms/tokens.mjs";

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
  assert.deepEqual(Object.keys(propelauth), [
    ...["AuthError", "ForbiddenError", "OrgMemberInfo", "UnauthorizedError", "User", "Verifier"],
  ]);
});

test("the time is now by default", () => {
  const auth = new Verifier({ verifierKey, issuer });
  assert.ok(auth.validateAccessToken(token, options) instanceof User);
  assert.throws(() => auth.validateAccessToken(token), refusal("Expired"));
  assert.throws(() => auth.validateAccessToken(token, at(NaN)), refusal("NotYetValid"));
  assert.throws(() => auth.validateAccessToken(token, at(-1)), refusal("NotYetValid"));
});

test("the leeway is 60 seconds by default", () => {
  for (const [leewaySeconds, leeway] of [
    [undefined, 60],
    [0, 0],
    [5, 5],
  ]) {
    const auth = new Verifier({ verifierKey, issuer, leewaySeconds });
    assert.ok(auth.validateAccessTokenAndGetUser(header, at(exp + leeway - 1)));
    assert.throws(() => auth.validateAccessTokenAndGetUser(header, at(exp + leeway + 1)), refusal("Expired"));
  }
});

test("verifiers do not know of each other", () => {
  const good = new Verifier({ verifierKey, issuer });
  const verifiers = [
    [new Verifier({ verifierKey: otherKey, issuer }), "InvalidSignature"],
    [new Verifier({ verifierKey, issuer: "https://auth.other-example.com" }), "WrongIssuer"],
    [new Verifier({ verifierKey, issuer, leewaySeconds: 0 }), undefined],
    [new Verifier({ verifierKey: otherKey, issuer, additionalVerifierKey: verifierKey }), undefined],
    [new Verifier({ verifierKey, issuer, additionalVerifierKey: otherKey }), undefined],
    [new Verifier({ verifierKey, issuer, additionalIssuer: "https://auth.other-example.com" }), undefined],
    [new Verifier({ verifierKey, issuer: "https://auth.other-example.com", additionalIssuer: issuer }), undefined],
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
  assert.equal(message({ issuer }), "TypeError: the verifierKey is not set");
  assert.equal(message({ verifierKey }), "TypeError: the issuer is not set");
  assert.equal(message({ verifierKey, issuer: null }), "TypeError: the issuer is not a string");
  assert.equal(message({ verifierKey, issuer: "" }), "Error: the issuer is empty");
  assert.equal(message({ verifierKey, issuer: "i".repeat(1 << 20) }), "Error: the issuer is too long");
  assert.equal(message({ verifierKey: "k".repeat(1 << 20), issuer }), "Error: the verifier key is too long");
  assert.match(message({ verifierKey: "x", issuer }), /^Error: the verifier key does not begin with -----BEGIN PUBLIC KEY-----/);
  assert.match(message({ verifierKey: verifierKey.slice(0, 200), issuer }), /^Error: the verifier key is not well-formed PEM/);
  const additional = (additionalVerifierKey) => message({ verifierKey, issuer, additionalVerifierKey });
  assert.equal(additional(""), "Error: additionalVerifierKey: the verifier key is empty");
  assert.equal(additional(null), "TypeError: the additionalVerifierKey is not a string");
  const additionalIssuer = (additionalIssuer) => message({ verifierKey, issuer, additionalIssuer });
  assert.equal(additionalIssuer(""), "Error: additionalIssuer: the issuer is empty");
  assert.match(additionalIssuer(`${issuer},${issuer}`), /^Error: additionalIssuer: the issuer has more than a host/);
  assert.equal(additionalIssuer(null), "TypeError: the additionalIssuer is not a string");
  assert.equal(additionalIssuer([issuer]), "TypeError: the additionalIssuer is not a string");
  assert.equal(message({ verifierKey, issuer, audience: 1 }), "TypeError: the audience is not a string");
  assert.equal(message({ verifierKey, issuer, audience: "" }), "Error: the audience is empty");
  assert.match(
    message({ verifierKey, issuer, maxTokenLength: 1.5 }),
    /^RangeError: maxTokenLength is not a whole number/,
  );
  for (const leewaySeconds of [-1, 0.5, NaN, 2 ** 32, "5"]) {
    assert.match(message({ verifierKey, issuer, leewaySeconds }), /^RangeError: leewaySeconds is not a whole number/);
  }
});

test("what is no text is a mistake of the program, and no header is none", () => {
  const auth = new Verifier({ verifierKey, issuer });
  for (const none of [undefined, null, ""]) {
    assert.throws(() => auth.validateAccessTokenAndGetUser(none, options), refusal("MissingHeader"));
    assert.throws(() => auth.validateAccessToken(none, options), refusal("MissingToken"));
  }
  for (const mistake of [1, {}, [header]]) {
    assert.throws(() => auth.validateAccessTokenAndGetUser(mistake, options), TypeError);
    assert.throws(() => auth.validateAccessToken(mistake, options), TypeError);
  }
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

test("a longer token and a token for another audience are refused where the verifier says so", () => {
  const audience = new Verifier({ verifierKey, issuer, audience: "api" });
  assert.throws(
    () => audience.validateAccessToken(token, options),
    (error) => refusal("MissingClaim")(error) && error.claim === "aud",
  );
  assert.ok(new Verifier({ verifierKey, issuer, maxTokenLength: token.length }).validateAccessToken(token, options));
  const short = new Verifier({ verifierKey, issuer, maxTokenLength: token.length - 1 });
  assert.throws(() => short.validateAccessToken(token, options), refusal("TokenTooLong"));
});

test("a user tells when the token begins and ends, but not in JSON", () => {
  const user = new Verifier({ verifierKey, issuer }).validateAccessToken(token, options);
  assert.deepEqual(user.issuedAt, new Date(iat * 1000));
  assert.deepEqual(user.expiresAt, new Date(exp * 1000));
  assert.ok(!/issuedAt|expiresAt/i.test(JSON.stringify(user)));
});

test("a user tells which issuer the token has, but not in JSON", () => {
  const [former, current] = ["https://auth.example.com", "https://auth.acme-example.com"];
  // So many orgs that the engine keeps them.
  const roles = { user_role: "Member", inherited_user_roles_plus_current_role: ["Member"], user_permissions: [] };
  const org = { org_name: "Acme", url_safe_org_name: "acme", org_metadata: {}, ...roles };
  const orgs = Array.from({ length: 60 }, (_, i) => [`o${i}`, { org_id: `o${i}`, ...org }]);
  for (const changes of [{}, { org_id_to_org_member_info: Object.fromEntries(orgs) }]) {
    for (const settings of [
      { issuer: current },
      { issuer: current, additionalIssuer: former },
      { issuer: former, additionalIssuer: current },
    ]) {
      const auth = new Verifier({ verifierKey: otherKey, ...settings });
      for (const iss of Object.values(settings)) {
        const user = auth.validateAccessTokenAndGetUser(bearer(300, undefined, { ...changes, iss }));
        assert.equal(user.issuer, iss);
        assert.ok(!Object.keys(user).includes("issuer") && !JSON.stringify(user).includes(iss));
      }
    }
  }
});

test("a refusal tells the reason for the log and holds no part of the token", () => {
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

test("an id or a name that is no string is a mistake of the program", () => {
  const auth = new Verifier({ verifierKey, issuer });
  const user = auth.validateAccessToken(token, options);
  const [{ orgId, orgName }] = user.getOrgs();
  for (const mistake of [[orgId], [orgName], 1, {}, new String(orgId), true]) {
    assert.throws(() => user.getOrg(mistake), TypeError);
    assert.throws(() => user.getOrgByName(mistake), TypeError);
    assert.throws(() => user.getUserProperty(mistake), TypeError);
    assert.throws(() => user.isRole(mistake, "Admin"), TypeError);
    for (const org of [{ orgId: mistake }, { orgName: mistake }, { orgId, orgName: mistake }]) {
      assert.throws(() => auth.validateAccessTokenAndGetUserWithOrgInfo(header, org, options), TypeError);
    }
  }
  for (const none of [undefined, null]) {
    assert.equal(user.getOrg(none), undefined);
    assert.equal(user.getOrgByName(none), undefined);
    assert.equal(user.getUserProperty(none), undefined);
  }
});

test("names that every object has lead nowhere", () => {
  const user = new Verifier({ verifierKey, issuer }).validateAccessToken(token, options);
  for (const name of ["__proto__", "constructor", "hasOwnProperty", "toString"]) {
    assert.equal(user.orgIdToOrgMemberInfo[name], undefined);
    assert.ok(!(name in user.orgIdToOrgMemberInfo) && !(name in user.properties));
    assert.equal(user.getOrg(name), undefined);
    assert.equal(user.getUserProperty(name), undefined);
    assert.equal(user.isRole(name, "Admin"), false);
  }
});
