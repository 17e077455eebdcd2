// examples/cloudflare-worker in workerd. EMBEDDED=1: built with an embedded key.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { Response } from "miniflare";
import { logged, sleep } from "../server.mjs";
import { ISSUER, ORG, USER, bearer, file, forge } from "../tokens.mjs";
import { start } from "./common.mjs";

const BUILD = new URL("../../../examples/cloudflare-worker/build/", import.meta.url);
const KEY = file("keys/rsa2048.pem");
const SETTINGS = { PROPELAUTH_VERIFIER_KEY: KEY, PROPELAUTH_ISSUER: ISSUER, PROPELAUTH_API_KEY: "ab".repeat(64) };
const OTHER_ORG = ORG.replace("1", "2");

async function get(miniflare, path, authorization) {
  const headers = authorization === undefined ? {} : { authorization };
  const answer = await miniflare.dispatchFetch(`http://worker${path}`, { headers });
  return [answer.status, answer.headers.get("www-authenticate"), await answer.text()];
}

const running = [];
after(() => Promise.all(running.map((miniflare) => miniflare.dispose())));
function worker(bindings, options) {
  const worker = start(BUILD, { bindings, ...options });
  running.push(worker.miniflare);
  return worker;
}

test("routes", async () => {
  const { miniflare, log } = worker(process.env.EMBEDDED ? {} : SETTINGS);
  const good = bearer();
  const forged = forge(good);
  const [status, challenge, text] = await get(miniflare, "/whoami", good);
  assert.deepEqual([status, challenge], [200, null]);
  assert.deepEqual(Object.keys(JSON.parse(text).org_id_to_org_member_info), [ORG]);

  const invalid = [401, 'Bearer error="invalid_token"', "Invalid access token"];
  const scope = 'Bearer error="insufficient_scope"';
  for (const [path, authorization, expected] of [
    ["/whoami", undefined, [401, "Bearer", "No authorization header found"]],
    ["/whoami", "Basic dTpw", [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"]],
    ["/whoami", `${good}, ${good}`, [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"]],
    ["/whoami", forged, invalid],
    ["/whoami", bearer(-120), invalid],
    ["/whoami", bearer(300, file("keys/private/attacker2048.pem")), invalid],
    [`/org/${OTHER_ORG}`, good, [403, scope, "User is not a member of org"]],
    [`/org/${OTHER_ORG}/billing`, good, [403, scope, "User is not a member of org"]],
    [`/org/${ORG}/admin`, good, [403, scope, "User doesn't have required role"]],
    [`/org/${ORG}/admin`, forged, invalid],
    ["/", good, [404, null, "Not found"]],
  ]) {
    assert.deepEqual(await get(miniflare, path, authorization), expected, path);
  }
  for (const path of [`/org/${ORG}`, `/org/${ORG}/billing`]) {
    const [status, challenge, text] = await get(miniflare, path, good);
    assert.deepEqual([status, challenge, JSON.parse(text).org_name], [200, null, "Acme"], path);
  }
  const refusals = () => log.join("").split("\n").filter((line) => line.startsWith("{")).map(JSON.parse);
  for (let i = 0; i < 50 && refusals().length < 10; i++) await sleep(20);
  assert.deepEqual(refusals().map((line) => line["error.code"]), [
    "MissingHeader", "MalformedHeader", "MalformedHeader", "InvalidSignature", "Expired", "InvalidSignature",
    "NotMemberOfOrg", "NotMemberOfOrg", "MissingRole", "InvalidSignature",
  ]);
  assert.equal(refusals()[3]["propelauth.issuer"], ISSUER);
  assert.doesNotMatch(log.join(""), /panicked|unreachable/);
});

test("the client by the fetch of the runtime", { skip: Boolean(process.env.EMBEDDED) && "needs an API key" }, async () => {
  const user = {
    user_id: USER, email: "ada@example.com", email_confirmed: true, has_password: true,
    locked: false, enabled: true, mfa_enabled: false, can_create_orgs: false, created_at: 1, last_active_at: 2,
  };
  const asked = [];
  let answer = () => Response.json(user);
  const { miniflare, log } = worker(SETTINGS, {
    outboundService: async (request) => {
      asked.push([request.method, request.url, request.headers.get("authorization"), request.headers.get("x-propelauth-url")]);
      return answer();
    },
  });
  const [status, , text] = await get(miniflare, "/profile", bearer());
  assert.deepEqual(asked.map(([method, url, key, host]) => [method, url.split("?")[0], key, host]), [[
    "GET", `https://propelauth-api.com/api/backend/v1/user/${user.user_id}`, `Bearer ${SETTINGS.PROPELAUTH_API_KEY}`,
    "auth.acme-example.com",
  ]]);
  assert.deepEqual([status, JSON.parse(text).email], [200, "ada@example.com"]);

  answer = () => new Response("no", { status: 401 });
  assert.deepEqual(await get(miniflare, "/profile", bearer()), [500, null, "INTERNAL SERVER ERROR"]);
  assert.equal((await get(miniflare, "/profile"))[0], 401);
  assert.equal(asked.length, 2, "a stranger causes no call");
  assert.ok(!log.join("").includes(SETTINGS.PROPELAUTH_API_KEY));
});

test("without usable settings nobody comes in", { skip: Boolean(process.env.EMBEDDED) && "has none" }, async () => {
  for (const [bindings, reason] of [
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: undefined }, "PROPELAUTH_VERIFIER_KEY is not set"],
    [{ ...SETTINGS, PROPELAUTH_ISSUER: undefined }, "PROPELAUTH_ISSUER is not set"],
    [{ ...SETTINGS, PROPELAUTH_ISSUER: "" }, "the issuer is empty"],
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: "x" }, "the verifier key does not begin with -----BEGIN PUBLIC KEY-----"],
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: KEY.slice(0, 200) }, "the verifier key is not well-formed PEM"],
  ]) {
    const given = Object.fromEntries(Object.entries(bindings).filter(([, value]) => value !== undefined));
    const { miniflare, log } = worker(given);
    for (const authorization of [undefined, "Bearer a.b.c", bearer()]) {
      assert.deepEqual(await get(miniflare, "/whoami", authorization), [500, null, "INTERNAL SERVER ERROR"], reason);
    }
    await logged(log, reason);
    assert.doesNotMatch(log.join(""), /panicked/);
  }
});
