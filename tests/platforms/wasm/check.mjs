// Loads the module on the command line without imports, and verifies the demo token with it. `--no-enable-fma3` makes
// V8 round twice in `relaxed_madd`, on x86-64.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";

const module = await WebAssembly.compile(await readFile(process.argv[2]));
assert.deepEqual(WebAssembly.Module.imports(module), [], "the core has no imports");
const { exports } = await WebAssembly.instantiate(module, {});

const UNFUSED = process.execArgv.includes("--no-enable-fma3") && process.arch === "x64";
if (UNFUSED) {
  /** A module with `f`: a, c -> a a + c by `f64x2.relaxed_madd`. */
  const probe = Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
    ...[1, 7, 1, 0x60, 2, 0x7c, 0x7c, 1, 0x7c, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0], // type, function, export
    ...[10, 22, 1, 20, 0, 0x20, 0, 0xfd, 0x14, 0x20, 0, 0xfd, 0x14, 0x20, 1, 0xfd, 0x14], // in all lanes: a, a, c
    ...[0xfd, 0x87, 2, 0xfd, 0x21, 0, 0x0b], // the operation, the first lane, end
  );
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(probe)).exports;
  assert.equal(f(1 + Number.EPSILON, -1 - 2 * Number.EPSILON), 0, "rounded twice");
}

const good = await readFile(new URL("../../../examples/demo/access_token.jwt", import.meta.url), "latin1");
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
// A signature has one spelling: no character stands for another, and none is left out.
const start = good.lastIndexOf(".") + 1;
const spelled = (at, character) => good.slice(0, at) + character + good.slice(at + 1);
const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const others = ASCII.filter((character) => !/[\w-]/.test(character));
assert.equal(others.length, 64);
for (let at = start; at < good.length; at++) {
  for (const character of others) {
    assert.equal(verify(spelled(at, character), issued), -1, `${JSON.stringify(character)} at ${at}`);
    refused++;
  }
}
const last = good.length - 1;
const atTheEnd = ASCII.filter((character) => verify(spelled(last, character), issued) === 1);
assert.deepEqual(atTheEnd, [good[last]], "bits that stand for nothing are zero");
for (const text of [`${good}=`, `${good}==`, `${good} `, `${good}\n`, `${good}A`, good.slice(0, -1)]) {
  assert.equal(verify(text, issued), -1, JSON.stringify(text.slice(start)));
  refused++;
}
console.log(`wasm: no imports, 1 token accepted, ${refused + 1} refused${UNFUSED ? ", without fusing" : ""}`);
