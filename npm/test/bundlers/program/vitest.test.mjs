import { AuthError, Verifier } from "propelauth-edge";
import { TestIssuer } from "propelauth-edge/testkit";
import { expect, test } from "vitest";

test("a token is accepted, and a forged one is refused", () => {
  const issuer = TestIssuer.generate();
  const auth = new Verifier(issuer.metadata());
  expect(auth.validateAccessToken(issuer.token("ada").accessToken()).userId).toBe("ada");
  expect(() => auth.validateAccessToken(issuer.token("ada").fault("WrongKey").accessToken())).toThrow(AuthError);
  expect(() => TestIssuer.fixed().verifier().validateAccessToken("")).toThrow(AuthError);
});
