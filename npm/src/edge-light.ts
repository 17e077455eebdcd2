// For Vercel's edge runtime and Next.js middleware. Only the plain module is named: Next.js compiles every module that a
// bundle names, and in development it does so in a Node that may not have relaxed SIMD.
import { Engine } from "./engine.js";
import module from "./plain.wasm?module";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

const engine = new Engine(module);

export class Verifier extends BaseVerifier {
  constructor(options: VerifierOptions) {
    super(engine, options);
  }
}
