// Samples where a verification in Node spends its time: base64url, JSON, SHA-256 and RSA. Functions belong to a part by
// name, as in `../instructions`: the compiler inlines within a part, but rarely from one into another.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Session } from "node:inspector/promises";

const SECONDS = Number(process.env.BENCH_SECONDS ?? 20) / 4;
/** Names are mangled. */
const PARTS = [
  ["segments and base64url", /propelauth_edge(\d+|\.\.)token|5slice6memchr/],
  ["JSON and claims", /propelauth_edge(\d+|\.\.)(json|claims|user|hash)|converts9from_utf8/],
  ["RSA", /propelauth_edge(\d+|\.\.)rsa/],
  ["SHA-256", /sha2|digest/],
  ["JavaScript and the call", /^(?!_ZN|_R)/],
];

const fixture = JSON.parse(readFileSync(new URL("built/fixture.json", import.meta.url)));

/** Returns the microseconds per call, whole and by part. */
async function sample(module, { header, org }) {
  const { exports } = new WebAssembly.Instance(module, {});
  const input = new Uint8Array(exports.memory.buffer, exports.input());
  const encoder = new TextEncoder();
  const call = () => {
    const { written } = encoder.encodeInto(org + header, input);
    return exports.check(org.length, written, Date.now() / 1000);
  };
  const run = (seconds) => {
    let calls = 0;
    for (const start = performance.now(); performance.now() - start < seconds * 1000; calls++) assert.equal(call(), 1);
    return calls;
  };
  run(1); // to the code that the optimizer makes
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 100 });
  await session.post("Profiler.start");
  const start = performance.now();
  const calls = run(SECONDS);
  const each = ((performance.now() - start) * 1000) / calls;
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const samples = PARTS.map(() => 0);
  let rest = 0;
  for (const { callFrame, hitCount } of profile.nodes) {
    const part = PARTS.findIndex(([, names]) => names.test(callFrame.functionName));
    if (part < 0) rest += hitCount;
    else samples[part] += hitCount;
  }
  const all = samples.reduce((sum, count) => sum + count, rest);
  // Nothing was sampled, or a function in the patterns above was renamed.
  assert.ok(all > 0 && rest / all < 0.25, `of no part: ${rest} of ${all}`);
  return [all, ...samples, rest].map((count) => (each * count) / all);
}

console.log(`| µs in Node | whole | ${PARTS.map(([name]) => name).join(" | ")} | rest |\n|${"---|".repeat(PARTS.length + 3)}`);
for (const name of ["plain", "relaxed"]) {
  const module = new WebAssembly.Module(readFileSync(new URL(`built/parts-${name}.wasm`, import.meta.url)));
  for (const token of fixture.tokens) {
    const cells = (await sample(module, token)).map((µs) => µs.toPrecision(3));
    console.log(`| ${name}, orgs: ${token.orgs} | ${cells.join(" | ")} |`);
  }
}
