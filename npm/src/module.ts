// For runtimes and bundlers with their own way to load WebAssembly.
import { Engine } from "./engine.js";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

export interface ModuleVerifierOptions extends VerifierOptions {
  /** The compiled `WebAssembly.Module` of `propelauth-edge/plain.wasm` or `propelauth-edge/relaxed.wasm`. */
  module: object;
}

const engines = new WeakMap<object, Engine>();

/** Like the `Verifier` of `propelauth-edge`, for a module that you compile or import yourself. */
export class Verifier extends BaseVerifier {
  /** @throws Error if the key, the issuer or another option is invalid; the message says why */
  constructor(options: ModuleVerifierOptions) {
    super(engineOf(options.module), options);
  }
}

function engineOf(module: object): Engine {
  if (!(module instanceof WebAssembly.Module)) throw new TypeError("the module is not a WebAssembly.Module");
  const known = engines.get(module);
  if (known !== undefined) return known;
  const engine = new Engine(module);
  engines.set(module, engine);
  return engine;
}
