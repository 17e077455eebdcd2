// For Cloudflare Workers, where imported modules are compiled when the Worker is uploaded. Every workerd since 2023 has
// relaxed SIMD.
import { Engine } from "./engine.js";
import module from "./relaxed.wasm";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

const engine = new Engine(module);

export class Verifier extends BaseVerifier {
  constructor(options: VerifierOptions) {
    super(engine, options);
  }
}
