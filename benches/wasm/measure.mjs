// Runs the candidates in turn, in short batches. The fastest batch of each counts.
import assert from "node:assert/strict";

import { Node, Workerd, fixture } from "./hosts.mjs";

const BATCH_MS = 3;
const BUDGET_MS = Number(process.env.BENCH_SECONDS ?? 20) * 1000;

/** Microseconds per call, by name. */
async function race(host, token) {
  const calls = {};
  for (const name of host.names) {
    assert.equal((await host.batch(name, token, "header", 100)).good, 100, `${name}: a good token`);
    assert.equal((await host.batch(name, token, "tampered", 1)).good, 0, `${name}: a changed token`);
    // Warms up: engines first run quickly compiled, slow code.
    await host.batch(name, token, "header", 1000);
    const { ms } = await host.batch(name, token, "header", 100);
    calls[name] = Math.ceil((100 * BATCH_MS) / ms);
  }
  const best = Object.fromEntries(host.names.map((name) => [name, Infinity]));
  const start = performance.now();
  while (performance.now() - start < BUDGET_MS) {
    for (const name of host.names) {
      const { good, ms } = await host.batch(name, token, "header", calls[name]);
      assert.equal(good, calls[name]);
      best[name] = Math.min(best[name], (1000 * ms) / calls[name]);
    }
  }
  return best;
}

const hosts = [await Node.start(), await Workerd.start()];
const columns = [];
try {
  for (const host of hosts) {
    for (const token of fixture.tokens.keys()) columns.push(await race(host, token));
  }
} finally {
  for (const host of hosts) host.stop();
}
const where = hosts.flatMap((host) => fixture.tokens.map(({ orgs }) => `${host.constructor.name}, orgs: ${orgs}`));
console.log(`| µs (jose = 1) | ${where.join(" | ")} |\n|---|${"---|".repeat(where.length)}`);
for (const name of hosts[0].names) {
  const cells = columns.map((best) =>
    name in best ? `${best[name].toPrecision(3)} (${(best.jose / best[name]).toFixed(2)})` : "",
  );
  console.log(`| ${name} | ${cells.join(" | ")} |`);
}
