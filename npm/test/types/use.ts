// Uses everything that the package exports, under every compiler setting.
import { AuthError, ForbiddenError, UnauthorizedError, User, Verifier, type RequiredOrgInfo } from "propelauth-edge";
import { Verifier as ModuleVerifier } from "propelauth-edge/module";
import { Fault, TestIssuer, TestOrg, type TestToken } from "propelauth-edge/testkit";

const options = {
  verifierKey: "",
  issuer: "",
  additionalVerifierKey: undefined,
  additionalIssuer: undefined,
  leewaySeconds: 5,
};
const codes: (string | undefined)[] = [];
const auth: Verifier = new Verifier({ ...options, onRefusal: ({ code, claim }) => codes.push(code, claim) });
const user: User = auth.validateAccessToken("", { now: new Date(0) });
const from: string = user.issuer;
const times: [Date, Date] = [user.issuedAt, user.expiresAt];
const org: string | undefined = user.getOrgs()[0]?.orgName;
const named: RequiredOrgInfo[] = [{ orgId: "1" }, { orgName: "Acme" }, { orgId: "1", orgName: "Acme" }];
// @ts-expect-error: an org has to be named
const unnamed: RequiredOrgInfo = {};
// @ts-expect-error: only a token makes a user
const made = new User();

export function status(error: unknown): 401 | 403 | undefined {
  if (error instanceof UnauthorizedError && error.code === "MissingClaim")
    return error.claim === "aud" ? 401 : undefined;
  if (error instanceof ForbiddenError && error.code === "MissingRole") return 403;
  // @ts-expect-error: not a code
  if (error instanceof UnauthorizedError && error.code === "Nonsense") return 401;
  return error instanceof AuthError ? error.status : undefined;
}

const module: object = {};
const own: User = new ModuleVerifier({ ...options, module }).validateAccessTokenAndGetUser(null);

const issuer: TestIssuer = TestIssuer.fixed().withIssuer("https://auth.acme-example.com");
const token: TestToken = issuer
  .token("1")
  .org(new TestOrg("1", "Acme").multiRole("Admin", ["Support"]))
  .fault("Expired");
const kit: Verifier = issuer.verifier();
const faults: readonly Fault[] = Fault.ALL;

export { codes, faults, from, kit, made, named, org, own, times, token, unnamed };
