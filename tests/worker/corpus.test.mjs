// All tokens and keys of the test data through the glue, in workerd: status, challenge, body, user.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { file } from "../tokens.mjs";
import { rows, start } from "./common.mjs";

const { miniflare, log } = start(new URL("build/", import.meta.url));
after(() => miniflare.dispose());

const KEYS = JSON.parse(file("keys/keys.json"));
const KEY = new Map(KEYS.map((key) => [key.name, key]));

const MALFORMED_HEADER = "Invalid authorization header. Expected: Bearer {accessToken}";

/** The challenge that goes with each message of a 401. */
const CHALLENGES = {
  "No authorization header found": "Bearer",
  [MALFORMED_HEADER]: "Bearer",
  "Invalid access token": 'Bearer error="invalid_token"',
  "Invalid payload in token": 'Bearer error="invalid_token"',
};

/** What HTTP lets through as it is. A runtime bounds the length of all headers as well. */
const travels = (header) => /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(header) && header.length < 60_000;

async function ask(key, issuer, now, header) {
  const body = { settings: [["PROPELAUTH_VERIFIER_KEY", file(`keys/${key.file}`)], ["PROPELAUTH_ISSUER", issuer]], now };
  const headers = {};
  if (header !== null && travels(header)) headers.authorization = header;
  else if (header !== null) body.header = header;
  const answer = await miniflare.dispatchFetch("http://worker/", { method: "POST", headers, body: JSON.stringify(body) });
  return {
    status: answer.status,
    challenge: answer.headers.get("www-authenticate"),
    text: await answer.text(),
    travelled: "authorization" in headers,
  };
}

/** Two users are the same if they are as JSON; the reference hands out an absent list as null. */
function sameUser(got, expected) {
  for (const org of Object.values(expected.org_id_to_org_member_info ?? {})) {
    org.assigned_additional_roles ??= [];
  }
  assert.deepEqual(got, expected);
}

test("tokens", async () => {
  const failures = [];
  const count = { accepted: 0, unauthorized: 0, unusable: 0, aside: 0, travelled: 0 };
  for (const row of [...rows("tokens"), ...rows("json_testsuite")]) {
    const key = KEY.get(row.key);
    const header = row.token === undefined ? row.authorization_header : `Bearer ${row.token}`;
    const got = await ask(key, row.issuer, row.now, header);
    try {
      if (row.either || key.either) {
        assert.ok([200, 401, 500].includes(got.status));
        count.aside++;
        continue;
      }
      count.travelled += got.travelled;
      if (key.expect === "refuse" || row.issuer === "") {
        assert.deepEqual([got.status, got.challenge, got.text], [500, null, "INTERNAL SERVER ERROR"]);
        count.unusable++;
      } else if (row.expect === "accept") {
        assert.deepEqual([got.status, got.challenge], [200, null]);
        if (row.user) sameUser(JSON.parse(got.text), row.user);
        count.accepted++;
      } else {
        assert.equal(got.status, 401);
        assert.ok(got.text in CHALLENGES, got.text);
        assert.equal(got.challenge, CHALLENGES[got.text]);
        // A token with a space in it is no token any more once it stands in a header.
        if (row.token?.includes(" ")) assert.equal(got.text, MALFORMED_HEADER);
        else if (row.oracle === "unauthorized" && row.reason !== "duplicate_claim") assert.equal(got.text, row.oracle_message);
        count.unauthorized++;
      }
    } catch (error) {
      failures.push(`${row.id}: ${error.message}`);
    }
  }
  console.log("tokens in workerd:", JSON.stringify(count));
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} failures`);
  assert.ok(count.accepted >= 420 && count.unauthorized >= 1200, "too few cases");
  assert.ok(count.travelled >= 1500, "too few in a real header");
});

test("keys", async () => {
  let accepted = 0;
  let refused = 0;
  for (const key of KEYS.filter((key) => !key.either)) {
    const header = key.probe_token ? `Bearer ${key.probe_token}` : "Bearer a.b.c";
    const got = await ask(key, key.probe_issuer ?? "https://auth.acme-example.com", key.probe_now ?? 0, header);
    if (key.expect === "accept") {
      assert.equal(got.status, key.probe_token ? 200 : 401, key.name);
      accepted++;
    } else {
      assert.deepEqual([got.status, got.text], [500, "INTERNAL SERVER ERROR"], key.name);
      refused++;
    }
  }
  console.log(`keys in workerd: ${accepted} accepted, ${refused} refused`);
  assert.ok(accepted >= 12 && refused >= 66);
  assert.match(log.join(""), /PROPELAUTH_VERIFIER_KEY and PROPELAUTH_ISSUER: the verifier key is a certificate/);
  assert.doesNotMatch(log.join(""), /panicked|unreachable/, "nothing panics");
});
