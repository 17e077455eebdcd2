// The test kit's promises, in every runtime that imports this.

function assert(isSo, what) {
  if (!isSo) throw new Error(what);
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error(`accepted: ${call}`);
}

export function checkKit({ ForbiddenError, UnauthorizedError, Verifier }, { Fault, TestIssuer, TestOrg }) {
  const issuer = TestIssuer.fixed();
  const auth = issuer.verifier();

  // Its private half is public, so this key is only for tests.
  for (const options of [
    issuer.metadata(),
    { ...TestIssuer.generate().metadata(), additionalVerifierKey: TestIssuer.FIXED.verifierKey },
  ]) {
    assert(
      /built-in key of the test kit/.test(thrown(() => new Verifier(options)).message),
      "the fixed key is refused",
    );
  }
  const generated = TestIssuer.generate().withIssuer("https://auth.acme-example.com");
  const token = generated.token("ada").accessToken();
  assert(
    new Verifier(generated.metadata()).validateAccessToken(token).userId === "ada",
    "any verifier takes a generated key",
  );
  assert(
    thrown(() => auth.validateAccessToken(token)).code === "InvalidSignature",
    "the issuers have keys of their own",
  );
  // Tokens of another issuer under the same key, as during a move to another domain.
  const additionalIssuer = "https://auth.other-example.com";
  const moved = generated.withIssuer(additionalIssuer).token("ada").accessToken();
  assert(
    thrown(() => new Verifier(generated.metadata()).validateAccessToken(moved)).code === "WrongIssuer",
    "one issuer is expected",
  );
  const both = new Verifier({ ...generated.metadata(), additionalIssuer });
  for (const either of [token, moved]) {
    assert(both.validateAccessToken(either).userId === "ada", "two issuers are expected");
  }

  // Every part of a user.
  const acme = new TestOrg("b", "Acme & Sons!")
    .singleRoleInHierarchy("Admin", ["Member"])
    .userPermissions(["billing::view"])
    .legacyOrgId("old")
    .orgMetadata("plan", "pro");
  const ada = issuer
    .token("ada")
    .email("ada@example.com")
    .firstName("Ada")
    .lastName("Lovelace")
    .username("countess")
    .legacyUserId("1815")
    .impersonatorUserId("support")
    .property("teal", [1])
    .loginMethod({ loginMethod: "saml_sso", provider: "Okta", orgId: "b" })
    .org(acme)
    .org(new TestOrg("7", "Acme & Sons!").multiRole("Member", ["Support"]).urlSafeOrgName("seven"))
    .issuedAt(new Date(1_000_000))
    .expiresAt(new Date(32_503_680_000_000));
  const user = auth.validateAccessTokenAndGetUser(ada.authorizationHeader());
  const [first, second] = user.getOrgs();
  const seen = [
    ...[user.userId, user.email, user.firstName, user.lastName, user.username, user.legacyUserId],
    ...[user.impersonatorUserId, user.getUserProperty("teal"), user.loginMethod, user.issuedAt, user.expiresAt],
    ...[first.orgId, first.urlSafeOrgName, first.legacyOrgId, first.orgMetadata, first.userPermissions],
    ...[first.userInheritedRolesPlusCurrentRole, second.orgId, second.urlSafeOrgName, second.orgRoleStructure],
    ...[second.userAssignedRole, second.userAssignedAdditionalRoles],
  ];
  const set = [
    ...["ada", "ada@example.com", "Ada", "Lovelace", "countess", "1815"],
    ...[
      "support",
      [1],
      { loginMethod: "saml_sso", provider: "Okta", orgId: "b" },
      new Date(1_000_000),
      new Date(32_503_680_000_000),
    ],
    ...["b", "acme-sons", "old", { plan: "pro" }, ["billing::view"]],
    ...[["Admin", "Member"], "7", "seven", "multi_role"],
    ...["Member", ["Support"]],
  ];
  assert(JSON.stringify(seen) === JSON.stringify(set), `${JSON.stringify(seen)} is not ${JSON.stringify(set)}`);
  assert(
    auth.validateAccessToken(issuer.token("ada").activeOrg(acme).accessToken()).getActiveOrgId() === "b",
    "an active org",
  );
  assert(issuer.token("1").accessToken() === TestIssuer.fixed().token("1").accessToken(), "the same text on every run");
  assert(thrown(() => issuer.token("1").claim("x", undefined).accessToken()) instanceof TypeError, "a claim is JSON");

  // Every refusal.
  assert(Fault.ALL.length === 9, `${Fault.ALL}`);
  for (const fault of Fault.ALL) {
    const error = thrown(() => auth.validateAccessToken(ada.fault(fault).accessToken()));
    assert(error instanceof UnauthorizedError && error.code === Fault.unauthorized(fault), `${fault}: ${error}`);
  }
  assert(thrown(() => ada.fault("Nonsense").accessToken()) instanceof TypeError, "a fault that is none");
  const org = { orgId: "another" };
  const error = thrown(() => auth.validateAccessTokenAndGetUserWithOrgInfo(ada.authorizationHeader(), org));
  assert(error instanceof ForbiddenError && error.code === "NotMemberOfOrg", `${error}`);
  return "passed";
}
