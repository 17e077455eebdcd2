// The middleware for Hono, in Node. `hono/workerd.mjs` runs the same questions in workerd.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Hono } from "hono";
import { Verifier } from "propelauth-edge";
import { requireOrg, requireUser } from "propelauth-edge/hono";

import { bearer, file, ISSUER, USER } from "../../tests/platforms/tokens.mjs";
import { app } from "./hono/app.mjs";
import { check, ENVIRONMENT } from "./hono/questions.mjs";

const options = { verifierKey: file("keys/rsa2048.pem"), issuer: ISSUER };

test("a program on Hono answers refusals, and its own faults", async (t) => {
  t.mock.method(console, "error", () => {});
  await check((path, request) => app.request(path, request, ENVIRONMENT));
});

test("a verifier is made once, and made again after it failed", async (t) => {
  t.mock.method(console, "error", () => {});
  let made = 0;
  const server = new Hono();
  server.use(
    requireUser(() => {
      made += 1;
      if (made === 1) throw new Error("a setting is missing");
      return new Verifier(options);
    }),
  );
  server.get("/", (c) => c.text(c.get("user").userId));
  const ask = () => server.request("/", { headers: { authorization: bearer() } });
  assert.equal((await ask()).status, 500);
  for (const _ of [1, 2, 3]) assert.equal(await (await ask()).text(), USER);
  assert.equal(made, 2);
});

test("a verifier that is there is taken, and its onRefusal is told once", async () => {
  const codes = [];
  const auth = new Verifier({ ...options, onRefusal: ({ code }) => codes.push(code) });
  const server = new Hono();
  server.use("/:orgId", requireUser(auth), requireOrg());
  server.get("/:orgId", (c) => c.text("never"));
  const ask = (authorization) => server.request("/other", { headers: { authorization } });
  assert.equal((await ask(bearer())).status, 403);
  assert.equal((await ask("")).status, 401);
  assert.deepEqual(codes, ["NotMemberOfOrg", "MissingHeader"]);
});

test("a user whom nobody verified is none", async (t) => {
  t.mock.method(console, "error", () => {});
  const server = new Hono();
  server.use(async (c, next) => {
    c.set("user", { userId: "mallory", getOrg: () => ({ hasAllPermissions: () => true }) });
    await next();
  });
  server.get("/:orgId", requireOrg(), (c) => c.text("never"));
  assert.equal((await server.request("/acme")).status, 500);
});

test("a requirement that is misspelled or not set lets nobody in", () => {
  for (const requirement of [
    { role: "Admin" },
    { permission: undefined },
    { permission: ["billing::view"] },
    { permissions: "billing::view" },
    { permissions: [undefined] },
    { minimumRole: null },
    { org: "acme" },
  ]) {
    assert.throws(() => requireOrg(requirement), TypeError, JSON.stringify(requirement));
  }
  for (const verifier of [undefined, null, options]) assert.throws(() => requireUser(verifier), TypeError);
  for (const mistake of [{ token: "t" }, { tokens: () => "t" }, { onRefusal: null }]) {
    assert.throws(() => requireUser(() => new Verifier(options), mistake), TypeError, JSON.stringify(mistake));
  }
});
