// For Node, Deno and Bun. The modules are embedded as text, so that bundles and copies of a file need no other files.
import { Buffer } from "node:buffer";

import { onDemand } from "./load.js";
import plain from "./plain.base64.js";
import { isFasterRelaxed } from "./relaxed-simd.js";
import relaxed from "./relaxed.base64.js";
import { BaseVerifier, type VerifierOptions } from "./verifier.js";

export * from "./index.js";

const engine = onDemand(() => Uint8Array.from(Buffer.from(isFasterRelaxed() ? relaxed : plain, "base64")));

/**
 * Verifies the access tokens of one PropelAuth environment. Create one at startup and keep it.
 *
 * Every method throws an {@link UnauthorizedError} if the token is missing or invalid.
 */
export class Verifier extends BaseVerifier {
  /** @throws Error if the key, the issuer or another option is invalid; the message says why */
  constructor(options: VerifierOptions) {
    super(engine(), options);
  }
}
