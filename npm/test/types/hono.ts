// Hono knows what the middleware sets, with types that hold wherever Hono's do.
import { Hono } from "hono";
import { type OrgMemberInfo, type User, Verifier } from "propelauth-edge";
import { type OrgEnv, requireOrg, requireUser, type UserEnv } from "propelauth-edge/hono";

interface Bindings {
  PROPELAUTH_VERIFIER_KEY: string;
  PROPELAUTH_ISSUER: string;
}

const app = new Hono<{ Bindings: Bindings } & UserEnv>();
app.use(
  requireUser<{ Bindings: Bindings }>(
    ({ env }) => new Verifier({ verifierKey: env.PROPELAUTH_VERIFIER_KEY, issuer: env.PROPELAUTH_ISSUER }),
    { onRefusal: (error, c) => c.json({ error: error.code }, error.status) },
  ),
);
app.get("/whoami", (c) => {
  const user: User = c.get("user");
  // @ts-expect-error: no org was required
  c.get("org");
  return c.text(user.userId);
});
app.get("/orgs/:orgId", requireOrg({ minimumRole: "Admin", permissions: ["billing::view"] }), (c) => {
  const org: OrgMemberInfo = c.get("org");
  const user: User = c.var.user;
  const issuer: string = c.env.PROPELAUTH_ISSUER;
  return c.text(org.orgName + user.userId + issuer);
});
app.get("/named/:name", requireOrg({ org: (c) => ({ orgName: c.req.param("name") ?? "" }) }), (c) =>
  c.text(c.var.org.orgName),
);
// @ts-expect-error: not a requirement
requireOrg({ role: "Admin" });
// @ts-expect-error: not a verifier
requireUser({ verifierKey: "", issuer: "" });

const whole = new Hono<OrgEnv>();
whole.get("/", (c) => c.text(c.var.org.orgName + c.var.user.userId));

export { app, whole };
