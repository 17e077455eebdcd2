// The Hono program in workerd, with a verifier that it creates and with a prepared one.
import { fileURLToPath } from "node:url";

import { createTestHarness } from "wrangler";

import { prepare } from "../prepare.mjs";
import { check, ENVIRONMENT } from "./questions.mjs";

const key = fileURLToPath(new URL("../../../tests/data/keys/rsa2048.pem", import.meta.url));
const PROPELAUTH_PREPARED = JSON.parse(prepare(key, ENVIRONMENT.PROPELAUTH_ISSUER).stdout);

for (const vars of [ENVIRONMENT, { ...ENVIRONMENT, PROPELAUTH_PREPARED }]) {
  const harness = createTestHarness({ root: import.meta.dirname, workers: [{ configPath: "wrangler.jsonc", vars }] });
  await harness.listen();
  try {
    await check((path, options) => harness.fetch(path, options));
  } finally {
    await harness.close();
  }
  console.log("hono, workerd: passed,", Object.keys(vars).join(", "));
}
