// Times compiling the module on the command line, and the first token that a new instance verifies.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const fixture = JSON.parse(readFileSync(new URL("built/fixture.json", import.meta.url)));
const { header, org } = fixture.tokens[0];
const bytes = readFileSync(process.argv[2]);
const input = new TextEncoder().encode(org + header);

const start = performance.now();
const module = new WebAssembly.Module(bytes);
const compiled = performance.now();
const { exports } = new WebAssembly.Instance(module, {});
new Uint8Array(exports.memory.buffer, exports.input()).set(input);
const good = exports.check(org.length, input.length, Date.now() / 1000);
const first = performance.now();
assert.equal(good, 1);
console.log(JSON.stringify({ compile: compiled - start, first: first - compiled }));
