// workerd, with the Worker that wrangler builds.
import { createTestHarness } from "wrangler";

import { forward } from "./forward.mjs";

const root = import.meta.dirname;
const harness = createTestHarness({ root, workers: [{ configPath: "wrangler.jsonc" }] });
await harness.listen();
await forward(async (questions) => {
  const response = await harness.fetch("/", { method: "POST", body: questions });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.text();
});
await harness.close();
