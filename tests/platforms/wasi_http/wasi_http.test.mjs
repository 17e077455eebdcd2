// The component of examples/wasi-http, and a sample of the test data, in `jco serve`. EMBEDDED, FROM_ENVIRONMENT
// and CORPUS are the components.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { decompress } from "fzstd";
import { ask, freePort, listening, logged, stopAll } from "../server.mjs";
import { ISSUER, ORG, USER, bearer, file, forge } from "../tokens.mjs";
import { checkAll, sample } from "../verdicts.mjs";

const JCO = new URL("node_modules/@bytecodealliance/jco/dist/jco.js", import.meta.url).pathname;
const { EMBEDDED, FROM_ENVIRONMENT, CORPUS } = process.env;
const KEY = file("keys/rsa2048.pem");
const SETTINGS = { PROPELAUTH_VERIFIER_KEY: KEY, PROPELAUTH_ISSUER: ISSUER };
const OTHER_ORG = ORG.replace("1", "2");

after(stopAll);

/** A component with a new instance for each request, as other hosts have it. */
async function serve(component, settings = {}) {
  const port = await freePort();
  const options = ["--isolate-requests", "instance", "--port", String(port)];
  const env = { PATH: process.env.PATH, NODE_OPTIONS: "--max-http-header-size=65536", ...settings };
  const { log } = await listening(port, process.execPath, [JCO, "serve", component, ...options], env);
  return { log, ask: (...request) => ask(port, ...request) };
}

const get = async ({ ask }, path, authorization) => {
  const { status, challenge, text } = await ask(path, authorization === undefined ? {} : { authorization });
  return [status, challenge, text];
};

for (const [name, component, settings] of [
  ["embedded", EMBEDDED, {}],
  ["from the environment", FROM_ENVIRONMENT, SETTINGS],
]) {
  test(`a key that is ${name}`, async () => {
    const server = await serve(component, settings);
    const good = bearer();
    const [status, challenge, text] = await get(server, "/whoami", good);
    assert.deepEqual([status, challenge, JSON.parse(text).user_id], [200, null, USER]);

    const malformed = [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"];
    const invalid = [401, 'Bearer error="invalid_token"', "Invalid access token"];
    const scope = 'Bearer error="insufficient_scope"';
    for (const [path, authorization, expected] of [
      ["/whoami", undefined, [401, "Bearer", "No authorization header found"]],
      ["/whoami", "Basic dTpw", malformed],
      ["/whoami", [good, good], malformed],
      ["/whoami", forge(good), invalid],
      ["/whoami", bearer(-120), invalid],
      ["/whoami", bearer(300, file("keys/private/attacker2048.pem")), invalid],
      [`/org/${OTHER_ORG}`, good, [403, scope, "User is not a member of org"]],
      [`/org/${OTHER_ORG}/billing`, good, [403, scope, "User is not a member of org"]],
      [`/org/${ORG}/admin`, good, [403, scope, "User doesn't have required role"]],
      [`/org/${ORG}/admin`, forge(good), invalid],
      ["/", good, [404, null, '"Not found"']],
    ]) {
      assert.deepEqual(await get(server, path, authorization), expected, path);
    }
    for (const path of [`/org/${ORG}`, `/org/${ORG}/billing`]) {
      const [status, challenge, text] = await get(server, path, good);
      assert.deepEqual([status, challenge, JSON.parse(text).org_name], [200, null, "Acme"], path);
    }
    await logged(server.log, "refused a request: Expired: expired access token");
    await logged(server.log, "refused a request: MissingRole: user does not have the role in the org");
    assert.ok(!server.log.join("").includes(good.split(".")[2].slice(0, 20)));
    assert.doesNotMatch(server.log.join(""), /panicked/);
  });
}

test("without usable settings nobody comes in", async () => {
  for (const [settings, reason] of [
    [{ PROPELAUTH_ISSUER: ISSUER }, "PROPELAUTH_VERIFIER_KEY is not set"],
    [{ PROPELAUTH_VERIFIER_KEY: KEY }, "PROPELAUTH_ISSUER is not set"],
    [{ ...SETTINGS, PROPELAUTH_ISSUER: "" }, "the issuer is empty"],
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: "x" }, "the verifier key does not begin with -----BEGIN PUBLIC KEY-----"],
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: KEY.slice(0, 200) }, "the verifier key is not well-formed PEM"],
  ]) {
    const server = await serve(FROM_ENVIRONMENT, settings);
    for (const authorization of [undefined, "Bearer a.b.c", bearer()]) {
      assert.deepEqual(await get(server, "/whoami", authorization), [500, null, "Internal error"], reason);
    }
    await logged(server.log, reason);
    assert.doesNotMatch(server.log.join(""), /panicked/);
  }
});

test("a sample of the tokens", async () => {
  const server = await serve(CORPUS);
  const count = await checkAll(sample(decompress, 200), ({ row, key, header }) => {
    const body = JSON.stringify({ verifier_key: file(`keys/${key.file}`), issuer: row.issuer, now: row.now });
    return server.ask("/", header === null ? {} : { authorization: header }, body);
  }, "Internal error");
  console.log("tokens in jco serve:", JSON.stringify(count));
  assert.ok(count.accepted >= 40 && count.unauthorized >= 110, "too few cases");
  assert.doesNotMatch(server.log.join(""), /panicked/);
});
