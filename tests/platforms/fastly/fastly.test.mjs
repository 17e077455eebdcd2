// The service of examples/fastly, and a sample of the test data, in Viceroy. EMBEDDED, FROM_STORE and CORPUS are the
// programs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { after, test } from "node:test";
import { ask, freePort, listening, logged, stopAll } from "../server.mjs";
import { ISSUER, USER, bearer, file, forge } from "../tokens.mjs";
import { checkAll, sample } from "../verdicts.mjs";

const { EMBEDDED, FROM_STORE, CORPUS } = process.env;
const CONFIGURATION = readFileSync(new URL("../../../examples/fastly/fastly.toml", import.meta.url), "utf8");
const KEY = file("keys/rsa2048.pem");
const SETTINGS = { PROPELAUTH_VERIFIER_KEY: KEY, PROPELAUTH_ISSUER: ISSUER };
const INTERNAL_ERROR = "Internal error";

// The backend answers with what it was asked, and lets everybody keep the answer.
const backend = createServer((request, response) => {
  const headers = Object.fromEntries(Array.from({ length: request.rawHeaders.length / 2 }, (_, i) => [
    request.rawHeaders[2 * i].toLowerCase(), request.rawHeaders[2 * i + 1],
  ]));
  response.setHeader("cache-control", "public, max-age=3600");
  response.end(JSON.stringify({ method: request.method, url: request.url, headers }));
}).listen(0, "127.0.0.1");
const folder = mkdtempSync(`${tmpdir()}/propelauth-edge-`);

after(() => {
  stopAll();
  rmSync(folder, { recursive: true });
});

/** A service under the example's `fastly.toml`. Viceroy reads the settings again for each request. */
async function serve(service, change = (configuration) => configuration) {
  const port = await freePort();
  const [configuration, store] = [`${folder}/${port}.toml`, `${folder}/${port}.json`];
  const places = { '"http://127.0.0.1:8080"': `"http://127.0.0.1:${backend.address().port}"`, '"settings.json"': `"${store}"` };
  let text = CONFIGURATION;
  for (const [place, ours] of Object.entries(places)) {
    assert.ok(text.includes(place), place);
    text = text.replace(place, ours);
  }
  const configure = (settings) => writeFileSync(store, JSON.stringify(settings));
  configure({});
  writeFileSync(configuration, change(text));
  const { log } = await listening(port, "viceroy", ["serve", "-C", configuration, "--addr", `127.0.0.1:${port}`, service]);
  return { log, configure, ask: (...request) => ask(port, ...request) };
}

const withoutStore = (configuration) => configuration.slice(0, configuration.indexOf("[local_server.config_stores"));

// Viceroy compiles a program for 20 s, so tests share these.
const [embedded, fromStore, storeless, corpus] = await Promise.all([
  serve(EMBEDDED), serve(FROM_STORE), serve(FROM_STORE, withoutStore), serve(CORPUS),
]);

test("the guide has the code of the example", () => {
  const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
  const [, code] = read("src/guide/fastly.md").match(/^```rust,ignore\n(.*?)^```/ms);
  // Only the guide has unit tests, and only the example has a feature.
  const plain = (text) => text.replace(/^#\[cfg\(test\)\]\nmod tests;\n/m, "").replace(/^#\[cfg.*\n/gm, "");
  const example = plain(read("examples/fastly/src/main.rs"));
  const missing = plain(code).trim().split("\n\n").filter((part) => !example.includes(part));
  assert.deepEqual(missing, []);
});

for (const [name, server] of [["embedded", embedded], ["in the config store", fromStore]]) {
  test(`a key that is ${name}`, async () => {
    server.configure(SETTINGS);
    const good = bearer();
    const { status, text } = await server.ask("/a/path?b=c", { authorization: good });
    assert.equal(status, 200, text);
    const { method, url, headers } = JSON.parse(text);
    assert.deepEqual([method, url, headers["x-user-id"]], ["GET", "/a/path?b=c", USER]);

    const malformed = [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"];
    const invalid = [401, 'Bearer error="invalid_token"', "Invalid access token"];
    for (const [authorization, expected] of [
      [undefined, [401, "Bearer", "No authorization header found"]],
      ["Basic dTpw", malformed],
      [[good, good], malformed],
      [forge(good), invalid],
      [bearer(-120), invalid],
      [bearer(300, file("keys/private/attacker2048.pem")), invalid],
    ]) {
      const { status, challenge, text } = await server.ask("/a/path?b=c", authorization === undefined ? {} : { authorization });
      assert.deepEqual([status, challenge, text], expected, String(authorization));
    }
    await logged(server.log, "refused a request: Expired: expired access token");
    assert.ok(!server.log.join("").includes(good.split(".")[2].slice(0, 20)));
    assert.doesNotMatch(server.log.join(""), /panicked/);
  });
}

test("what a client sends, and what the backend is told", async () => {
  const server = embedded;
  const authorization = bearer();
  for (const forged of [
    { "x-user-id": "somebody" },
    { "X-User-Id": ["somebody", "else"] },
    { X_User_Id: "somebody", "x-user_id": "somebody" },
    { connection: "close, x-user-id" },
  ]) {
    const { status, text } = await server.ask("/", { authorization, ...forged });
    assert.equal(status, 200);
    const { headers } = JSON.parse(text);
    assert.equal(headers["x-user-id"], USER, JSON.stringify(forged));
    assert.doesNotMatch(text, /somebody|x_user_id|x-user_id|x_user-id/i);
    assert.doesNotMatch(headers.connection ?? "", /x-user-id/);
    // Without a token the backend is not asked at all.
    assert.equal((await server.ask("/", forged)).status, 401);
  }

  // Nobody gets an answer that was for another.
  for (const user of ["first", "second"]) {
    const { text } = await server.ask("/kept", { authorization: bearer(300, undefined, { user_id: user }) });
    assert.equal(JSON.parse(text).headers["x-user-id"], user);
  }

  // A user id that is no header value, and a URL that is longer than the crate http takes.
  const { status, text } = await server.ask("/", { authorization: bearer(300, undefined, { user_id: "a\nb" }) });
  assert.deepEqual([status, text], [500, INTERNAL_ERROR]);
  const long = await server.ask(`/${"a".repeat(66_000)}`, { authorization: forge(authorization) });
  assert.ok([401, 414].includes(long.status), String(long.status));
  assert.doesNotMatch(server.log.join(""), /panicked/);
});

test("without usable settings nobody comes in", async () => {
  for (const [server, settings, reason] of [
    [storeless, {}, "config store propelauth: "],
    [fromStore, {}, "config store propelauth: PROPELAUTH_VERIFIER_KEY is not set"],
    [fromStore, { PROPELAUTH_VERIFIER_KEY: KEY }, "config store propelauth: PROPELAUTH_ISSUER is not set"],
    [fromStore, { ...SETTINGS, PROPELAUTH_ISSUER: "" }, "the issuer is empty"],
    [fromStore, { ...SETTINGS, PROPELAUTH_VERIFIER_KEY: KEY.slice(0, 200) }, "the verifier key is not well-formed PEM"],
  ]) {
    server.configure(settings);
    for (const authorization of [undefined, "Bearer a.b.c", bearer()]) {
      const { status, challenge, text } = await server.ask("/", authorization === undefined ? {} : { authorization });
      assert.deepEqual([status, challenge, text], [500, null, INTERNAL_ERROR], reason);
    }
    await logged(server.log, reason);
    assert.doesNotMatch(server.log.join(""), /panicked/);
  }
});

test("a sample of the tokens", async () => {
  const decompress = (input) => execFileSync("zstd", ["-dc"], { input, maxBuffer: 2 ** 30 });
  const count = await checkAll(sample(decompress, 200, 30_000), ({ row, key, header }) => {
    const body = JSON.stringify({ verifier_key: file(`keys/${key.file}`), issuer: row.issuer, now: row.now });
    return corpus.ask("/", header === null ? {} : { authorization: header }, body);
  }, INTERNAL_ERROR);
  console.log("tokens in Viceroy:", JSON.stringify(count));
  assert.ok(count.accepted >= 40 && count.unauthorized >= 110, "too few cases");
  assert.doesNotMatch(corpus.log.join(""), /panicked/);
});

test("without a backend", async () => {
  backend.closeAllConnections();
  await new Promise((done) => backend.close(done));
  const { status, text } = await embedded.ask("/", { authorization: bearer() });
  assert.deepEqual([status, text], [502, INTERNAL_ERROR]);
});
