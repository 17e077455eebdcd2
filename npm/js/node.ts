// For Node, Deno and Bun.
import { readFileSync } from "node:fs";

import { Engine } from "./engine.js";
import { moduleFile } from "./relaxed-simd.js";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

const engine = new Engine(new WebAssembly.Module(readFileSync(new URL(moduleFile(), import.meta.url))));

export class Verifier extends BaseVerifier {
  constructor(options: VerifierOptions) {
    super(engine, options);
  }
}
