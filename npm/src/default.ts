// For browsers and unknown runtimes: uses only standard JavaScript.
import { onDemand } from "./load.js";
import plain from "./plain.base64.js";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

const engine = onDemand(() => Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));

export class Verifier extends BaseVerifier {
  constructor(options: VerifierOptions) {
    super(engine(), options);
  }
}
