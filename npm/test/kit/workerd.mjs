// workerd, with the Worker that wrangler builds.
import { createTestHarness } from "wrangler";

const harness = createTestHarness({ root: import.meta.dirname, workers: [{ configPath: "wrangler.jsonc" }] });
await harness.listen();
const response = await harness.fetch("/");
const text = await response.text();
await harness.close();
console.log("test kit, workerd:", text);
process.exit(text === "passed" ? 0 : 1);
