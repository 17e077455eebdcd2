// Loads the module that is named on the command line, without imports, and verifies the demo token with it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const module = await WebAssembly.compile(await readFile(process.argv[2]));
assert.deepEqual(WebAssembly.Module.imports(module), [], "the core has no imports");
const { exports } = await WebAssembly.instantiate(module, {});

const good = await readFile(new URL("../../examples/demo/access_token.jwt", import.meta.url), "latin1");
const issued = 1767225600n;

function verify(token, now) {
  new Uint8Array(exports.memory.buffer, exports.token(), token.length).set(Buffer.from(token, "latin1"));
  return exports.verify(token.length, now);
}

assert.equal(verify(good, issued), 1, "a good token, one org");
assert.equal(verify(good, issued + 86400n), -1, "expired");
let refused = 0;
for (let i = 0; i < good.length; i += 7) {
  const tampered = good.slice(0, i) + (good[i] === "A" ? "B" : "A") + good.slice(i + 1);
  assert.equal(verify(tampered, issued), -1, `changed at ${i}`);
  refused++;
}
console.log(`wasm: no imports, 1 token accepted, ${refused + 1} refused`);
