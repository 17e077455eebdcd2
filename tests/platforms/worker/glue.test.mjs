// Tokens outside the header, and server-side errors, in workerd.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { logged } from "../server.mjs";
import { ISSUER, USER, bearer, file, forge } from "../tokens.mjs";
import { start } from "./common.mjs";

const { miniflare, log } = start(new URL("build/", import.meta.url));
after(() => miniflare.dispose());

const settings = [["PROPELAUTH_VERIFIER_KEY", file("keys/rsa2048.pem")], ["PROPELAUTH_ISSUER", ISSUER]];
const now = Math.floor(Date.now() / 1000);
const good = bearer().slice("Bearer ".length);
const forged = forge(good);

function ask(path, headers, changes) {
  const given = { "x-case": JSON.stringify({ settings, now, ...changes }), ...headers };
  return miniflare.dispatchFetch(`http://worker${path}`, { headers: given });
}

test("tokens from cookies and query parameters", async () => {
  for (const [source, path, headers, status] of [
    ["cookie", "/", { cookie: `theme=dark; t=${good}` }, 200],
    ["cookie", "/", { cookie: `name=José; t=${good}` }, 200],
    ["cookie", "/", { cookie: `t=${forged}` }, 401],
    ["cookie", "/", { cookie: `t=${good}; t=${good}` }, 401],
    ["cookie", "/", { authorization: bearer() }, 401],
    ["query", `/?a=b&t=${good}`, {}, 200],
    ["query", `/?t=${forged}`, {}, 401],
    ["query", `/?t=${good}&t=${good}`, {}, 401],
    ["query", "/", { authorization: bearer() }, 401],
  ]) {
    const answer = await ask(path, headers, { source });
    assert.equal(answer.status, status, `${source} ${path}`);
    const text = await answer.text();
    if (status === 200) assert.equal(text, USER);
  }
});

test("tokens from the handshake of a WebSocket", async () => {
  const shake = (token) => {
    const headers = { upgrade: "websocket", "sec-websocket-protocol": `t, ${token}` };
    return ask("/", headers, { source: "protocol" });
  };
  const { status, headers, webSocket } = await shake(good);
  assert.deepEqual([status, headers.get("sec-websocket-protocol")], [101, "t"]);
  const greeting = new Promise((done) => webSocket.addEventListener("message", (message) => done(message.data)));
  webSocket.accept();
  assert.equal(await greeting, USER);
  webSocket.close();
  assert.equal((await shake(forged)).status, 401);
});

test("a buffer that is too small is no fault of the client's", async () => {
  const answer = await ask("/", {}, { small: true });
  await logged(log, "Display: buffer too small for the access token: 1 bytes needed");
  assert.deepEqual([answer.status, answer.headers.get("www-authenticate"), await answer.text()], [500, null, "Internal error"]);
});

test("two keys and two issuers", async () => {
  const former = [["PROPELAUTH_VERIFIER_KEY", file("keys/rsa2048_b.pem")], ["PROPELAUTH_ISSUER", "https://auth.former-example.com"]];
  const key = ["PROPELAUTH_ADDITIONAL_VERIFIER_KEY", file("keys/rsa2048.pem")];
  const issuer = ["PROPELAUTH_ADDITIONAL_ISSUER", ISSUER];
  for (const [additional, status] of [
    [[], 401],
    [[key], 401],
    [[issuer], 401],
    [[key, issuer], 200],
    [[key, ["PROPELAUTH_ADDITIONAL_ISSUER", ""]], 500],
    [[["PROPELAUTH_ADDITIONAL_VERIFIER_KEY", ""], issuer], 500],
    [[key, ["PROPELAUTH_ADDITIONAL_ISSUER", `${ISSUER},`]], 500],
    [[key, ["PROPELAUTH_ADDITIONAL_ISSUER", [ISSUER]]], 500],
  ]) {
    const answer = await ask("/", { authorization: bearer() }, { settings: [...former, ...additional] });
    assert.equal(answer.status, status, JSON.stringify(additional));
  }
  for (const reason of [
    "PROPELAUTH_ADDITIONAL_ISSUER: the issuer is empty",
    "PROPELAUTH_ADDITIONAL_ISSUER: the issuer has no valid host",
    "PROPELAUTH_ADDITIONAL_ISSUER is not text",
    "PROPELAUTH_ADDITIONAL_VERIFIER_KEY: the verifier key is empty",
  ]) {
    for (const by of ["Display", "Debug"]) await logged(log, `${by}: ${reason}`);
  }
});

test("each refusal is in the log, without any part of a token", async () => {
  assert.equal((await ask("/", {})).status, 401);
  await logged(log, '"error.code":"MissingHeader"');
  assert.match(log.join(""), /"error.code":"InvalidSignature"/);
  for (const code of ["MissingToken", "RepeatedToken"]) assert.ok(log.join("").includes(`"error.code":"${code}"`), code);
  for (const token of [good, forged]) assert.ok(!log.join("").includes(token.split(".")[2].slice(0, 20)));
});
