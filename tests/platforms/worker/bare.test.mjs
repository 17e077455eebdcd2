// examples/cloudflare-worker-bare in workerd, as wrangler bundles it.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { sleep } from "../server.mjs";
import { ISSUER, ORG, USER, bearer, file, forge } from "../tokens.mjs";
import { rows, start } from "./common.mjs";

const BUILD = new URL("../../../examples/cloudflare-worker-bare/build/", import.meta.url);
const wasm = readdirSync(BUILD).filter((name) => name.endsWith(".wasm"));
const modules = [
  { type: "ESModule", path: fileURLToPath(new URL("worker.js", BUILD)) },
  ...wasm.map((name) => ({ type: "CompiledWasm", path: fileURLToPath(new URL(name, BUILD)) })),
];
const { miniflare, log } = start(BUILD, { modules });
after(() => miniflare.dispose());

async function ask(authorization) {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await miniflare.dispatchFetch("http://worker/", { headers });
  return [answer.status, answer.headers.get("www-authenticate"), await answer.text()];
}

test("a user, and refusals with their reason in the log", async () => {
  const [status, challenge, text] = await ask(bearer());
  const user = JSON.parse(text);
  assert.deepEqual([status, challenge, user.user_id], [200, null, USER]);
  assert.deepEqual(Object.keys(user.org_id_to_org_member_info), [ORG]);

  const malformed = [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"];
  const invalid = [401, 'Bearer error="invalid_token"', "Invalid access token"];
  for (const [authorization, expected] of [
    [undefined, [401, "Bearer", "No authorization header found"]],
    ["", [401, "Bearer", "No authorization header found"]],
    ["Basic dTpw", malformed],
    ["Bearer \xe9", invalid],
    [`${bearer()}, ${bearer()}`, malformed],
    [forge(bearer()), invalid],
    [bearer(-120), invalid],
    [bearer(300, file("keys/private/attacker2048.pem")), invalid],
  ]) {
    assert.deepEqual(await ask(authorization), expected, authorization);
  }
  const codes = ["MissingHeader", "MissingHeader", "MalformedHeader", "MalformedToken", "MalformedHeader"];
  codes.push("InvalidSignature", "Expired", "InvalidSignature");
  const logged = () => [...log.join("").matchAll(/'error\.code': '(\w+)'/g)].map(([, code]) => code);
  for (let i = 0; i < 50 && logged().length < codes.length; i++) await sleep(20);
  assert.deepEqual(logged(), codes);
});

test("long tokens after short ones, and short ones after long ones", async () => {
  const claims = JSON.parse(Buffer.from(bearer().split(".")[1], "base64url"));
  const org = claims.org_id_to_org_member_info[ORG];
  const ids = Array.from({ length: 100 }, (_, i) => ORG.replace(/^.{8}/, String(i).padStart(8, "0")));
  const orgs = Object.fromEntries(ids.map((id) => [id, { ...org, org_id: id }]));
  const long = bearer(300, undefined, { org_id_to_org_member_info: orgs });
  for (const [token, count] of [[bearer(), 1], [long, 100], [bearer(), 1], [long, 100]]) {
    const [status, , text] = await ask(token);
    assert.equal(status, 200);
    assert.equal(Object.keys(JSON.parse(text).org_id_to_org_member_info).length, count);
  }
});

test("what the corpus refuses", async () => {
  let asked = 0;
  for (const row of rows("tokens")) {
    const header = row.authorization_header ?? (row.token === undefined ? undefined : `Bearer ${row.token}`);
    // What is not valid yet may have become so.
    if (row.expect === "accept" || row.reason.startsWith("not_yet_valid")) continue;
    if (row.key !== "rsa2048" || row.issuer !== ISSUER || !/^[\x21-\x7e][\x20-\x7e]{0,60000}$/.test(header ?? "")) continue;
    const [status, challenge] = await ask(header);
    assert.equal(status, 401, row.id);
    assert.match(challenge, /^Bearer/, row.id);
    asked++;
  }
  assert.ok(asked > 500, `${asked}`);
});
