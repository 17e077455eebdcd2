// A program on Hono: `worker.mjs` runs it in workerd, `hono.test.mjs` in Node.
import { Hono } from "hono";
import { getCookie } from "hono/cookie";
import { cors } from "hono/cors";
import { Verifier } from "propelauth-edge";
import { requireOrg, requireUser } from "propelauth-edge/hono";

const fromEnvironment = ({ env }) =>
  new Verifier({
    verifierKey: env.PROPELAUTH_VERIFIER_KEY,
    issuer: env.PROPELAUTH_ISSUER,
    prepared: env.PROPELAUTH_PREPARED,
  });

export const app = new Hono();
app.use(cors({ origin: "https://app.example.com" }));
app.use("/api/*", requireUser(fromEnvironment));
app.get("/api/whoami", (c) => c.text(c.get("user").userId));
app.get("/api/orgs/:orgId", requireOrg(), (c) => c.text(c.get("org").orgName));
app.get("/api/orgs/:orgId/bill", requireOrg({ permission: "billing::view" }), (c) => c.text(c.get("org").orgName));
app.get("/api/orgs/:orgId/pay", requireOrg({ permissions: ["billing::view", "billing::pay"] }), (c) => c.text("paid"));
app.get("/api/orgs/:orgId/settings", requireOrg({ minimumRole: "Owner" }), (c) => c.text("settings"));
app.get("/api/orgs/:orgId/member", requireOrg({ exactRole: "Member" }), (c) => c.text("member"));
app.get("/api/named/:name", requireOrg({ org: (c) => ({ orgName: c.req.param("name") }) }), (c) => c.text("named"));
app.get("/api/unknown/:orgId", requireOrg({ org: () => undefined }), (c) => c.text("never"));
app.get("/api/promised/:orgId", requireOrg({ org: async (c) => ({ orgId: c.req.param("orgId") }) }), (c) => c.text("never"));
app.get("/api/optional", requireOrg({ org: (c) => ({ orgId: c.req.header("x-org") }) }), (c) => c.text("optional"));
app.get("/api/no-param", requireOrg(), (c) => c.text("never"));
app.get("/no-user/:orgId", requireOrg(), (c) => c.text("never"));
app.use(
  "/json/*",
  requireUser(fromEnvironment, { onRefusal: (error, c) => c.json({ error: error.code }, error.status) }),
);
app.get("/json/orgs/:orgId", requireOrg({ exactRole: "Owner" }), (c) => c.text("owner"));
app.use("/cookie/*", requireUser(fromEnvironment, { token: (c) => getCookie(c, "t") }));
app.get("/cookie/whoami", (c) => c.text(c.get("user").userId));
app.use("/promised/*", requireUser(fromEnvironment, { token: async (c) => getCookie(c, "t") }));
app.get("/promised/whoami", (c) => c.text("never"));
app.use(
  "/broken/*",
  requireUser(() => new Verifier({ verifierKey: "", issuer: "https://auth.example.com" })),
);
app.get("/broken/whoami", (c) => c.text("never"));
