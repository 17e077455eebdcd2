import { Engine } from "./engine.js";

/** Returns a function that compiles the module on its first call, and returns its engine. */
export function onDemand(bytes: () => Uint8Array<ArrayBuffer>): () => Engine {
  let engine: Engine | undefined;
  return () => (engine ??= new Engine(compile(bytes())));
}

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  try {
    return new WebAssembly.Module(bytes);
  } catch (error) {
    throw new Error(
      "this runtime does not compile WebAssembly: pass a compiled module to the Verifier of `propelauth-edge/module`, " +
        "or have your bundler use the export condition of the runtime, such as `workerd`",
      { cause: error },
    );
  }
}
