// For browsers, and wherever else modules have `fetch` and an address. Compilation is asynchronous there, so that the
// import waits for it.
import { Engine } from "./engine.js";
import { moduleFile } from "./relaxed-simd.js";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

// Written out for bundlers, which look for this expression to know of the files.
const url =
  moduleFile() === "relaxed.wasm" ? new URL("./relaxed.wasm", import.meta.url) : new URL("./plain.wasm", import.meta.url);
const response = await fetch(url);
if (!response.ok) throw new Error(`${url}: ${response.status}`);
const engine = new Engine(await WebAssembly.compile(await response.arrayBuffer()));

export class Verifier extends BaseVerifier {
  constructor(options: VerifierOptions) {
    super(engine, options);
  }
}
