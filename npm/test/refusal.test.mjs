// `onRefusal`: the place to log and count refusals.
import assert from "node:assert/strict";
import { test } from "node:test";

import { ForbiddenError, UnauthorizedError, Verifier } from "propelauth-edge";

import { bearer, file, forge, ISSUER, ORG } from "../../tests/platforms/tokens.mjs";

const options = { verifierKey: file("keys/rsa2048.pem"), issuer: ISSUER };

/** Returns what the call throws. */
function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  assert.fail("nothing was refused");
}

const header = bearer();
const REFUSALS = [
  [(auth) => auth.validateAccessTokenAndGetUser(undefined), "MissingHeader"],
  [(auth) => auth.validateAccessTokenAndGetUser(forge(header)), "InvalidSignature"],
  [(auth) => auth.validateAccessToken("e30.e30."), "MalformedToken"],
  [(auth) => auth.validateAccessTokenAndGetUser(bearer(300, undefined, { iat: undefined })), "MissingClaim", "iat"],
  [(auth) => auth.validateAccessTokenAndGetUserWithOrgInfo(header, { orgId: "other" }), "NotMemberOfOrg"],
  [
    (auth) => auth.validateAccessTokenAndGetUserWithOrgInfoWithMinimumRole(header, { orgId: ORG }, "Owner"),
    "MissingRole",
  ],
  [
    (auth) => auth.validateAccessTokenAndGetUserWithOrgInfoWithExactRole(header, { orgId: ORG }, "Owner"),
    "MissingRole",
  ],
  [
    (auth) => auth.validateAccessTokenAndGetUserWithOrgInfoWithPermission(header, { orgId: ORG }, "x"),
    "MissingPermission",
  ],
  [
    (auth) => auth.validateAccessTokenAndGetUserWithOrgInfoWithAllPermissions(header, { orgId: ORG }, ["x"]),
    "MissingPermission",
  ],
];

test("each refusal is told once, before it is thrown", () => {
  const told = [];
  const auth = new Verifier({ ...options, onRefusal: (refusal) => told.push(refusal) });
  for (const [call, code, claim] of REFUSALS) {
    const error = thrown(() => call(auth));
    assert.equal(told.length, 1, code);
    assert.equal(told.pop(), error);
    assert.ok(error instanceof (error.status === 401 ? UnauthorizedError : ForbiddenError));
    assert.deepEqual([error.code, error.claim], [code, claim]);
    assert.ok(error.reason.length > 0);
    const text = JSON.stringify([error, error.reason, error.message, error.stack]);
    for (const segment of header.slice("Bearer ".length).split(".")) assert.ok(!text.includes(segment.slice(0, 16)));
  }
  assert.ok(auth.validateAccessTokenAndGetUser(header));
  // An answer to a question, or a mistake in the program, is not a refusal.
  assert.equal(auth.validateAccessTokenAndGetUser(header).isRole("other", "Owner"), false);
  assert.ok(thrown(() => auth.validateAccessTokenAndGetUser(1)) instanceof TypeError);
  assert.deepEqual(told, []);
});

test("a log that fails changes nothing", async () => {
  const rejections = [];
  const onRejection = (reason) => rejections.push(reason);
  process.on("unhandledRejection", onRejection);
  const failures = [
    () => {
      throw new Error("no log");
    },
    async () => {
      throw new Error("no log");
    },
    () => ({ then: (_, reject) => reject(new Error("no log")) }),
    () => ({
      get then() {
        throw new Error("no log");
      },
    }),
  ];
  for (const onRefusal of failures) {
    const auth = new Verifier({ ...options, onRefusal });
    for (const [call, code] of REFUSALS) assert.equal(thrown(() => call(auth)).code, code);
  }
  await new Promise((resolve) => setTimeout(resolve, 10));
  process.off("unhandledRejection", onRejection);
  assert.deepEqual(rejections, []);
});

test("a log may ask the verifier", () => {
  const codes = [];
  const auth = new Verifier({
    ...options,
    onRefusal(refusal) {
      codes.push(refusal.code);
      assert.ok(auth.validateAccessTokenAndGetUser(header));
    },
  });
  assert.equal(thrown(() => auth.validateAccessTokenAndGetUser("")).code, "MissingHeader");
  assert.deepEqual(codes, ["MissingHeader"]);
});

test("a log that is no function is a mistake of the program", () => {
  for (const onRefusal of [null, "log", {}]) assert.throws(() => new Verifier({ ...options, onRefusal }), TypeError);
});
