// All tokens and keys of the test data through the integration, in workerd: status, challenge, body, user.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { decompress } from "fzstd";
import { file } from "../tokens.mjs";
import { KEYS, cases, checkAll, travels } from "../verdicts.mjs";
import { start } from "./common.mjs";

const { miniflare, log } = start(new URL("build/", import.meta.url));
after(() => miniflare.dispose());

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

test("tokens", async () => {
  let travelled = 0;
  const askCase = async ({ row, key, header }) => {
    const got = await ask(key, row.issuer, row.now, header);
    if (!row.either && !key.either) travelled += got.travelled;
    return got;
  };
  const count = await checkAll(cases(decompress), askCase, "INTERNAL SERVER ERROR");
  console.log("tokens in workerd:", JSON.stringify({ ...count, travelled }));
  assert.ok(count.accepted >= 420 && count.unauthorized >= 1200, "too few cases");
  assert.ok(travelled >= 1500, "too few in a real header");
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
  assert.match(log.join(""), /PROPELAUTH_VERIFIER_KEY: the verifier key is a certificate/);
  assert.doesNotMatch(log.join(""), /panicked|unreachable/, "nothing panics");
});
