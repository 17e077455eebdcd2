import { createPrivateKey, generateKeyPairSync } from "node:crypto";

import type { Engine } from "./engine.js";
import { privateKey, verifierKey } from "./testkit-keys.js";
import { TestToken, type Signer } from "./testkit-token.js";
import { BaseVerifier } from "./verifier.js";

/** The settings of a `Verifier`. */
export interface TokenVerificationMetadata {
  verifierKey: string;
  issuer: string;
}

/** Replaces PropelAuth in tests: a key that signs tokens, and their issuer. */
export class BaseTestIssuer {
  /** The key and the issuer of {@link BaseTestIssuer.fixed}. */
  static readonly FIXED: Readonly<TokenVerificationMetadata> = { verifierKey, issuer: "https://auth.example.com" };

  /**
   * Runs the module that accepts the built-in key.
   *
   * @internal
   */
  static engine: () => Engine;

  readonly #signer: Signer;

  /** @internal */
  constructor(signer: Signer) {
    this.#signer = signer;
  }

  /**
   * Returns the issuer with the built-in key. Equal tokens have equal text on every run. The private half of this key
   * is public, so `new Verifier(…)` rejects it; {@link BaseTestIssuer.verifier} accepts it.
   */
  static fixed(): BaseTestIssuer {
    return new this({ ...this.FIXED, privateKey: createPrivateKey(privateKey) });
  }

  /** Returns an issuer with a new 2048-bit key, which every verifier accepts, including one in another process. */
  static generate(): BaseTestIssuer {
    const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const generatedKey = pair.publicKey.export({ type: "spki", format: "pem" }) as string;
    return new this({ issuer: this.FIXED.issuer, verifierKey: generatedKey, privateKey: pair.privateKey });
  }

  withIssuer(issuer: string): BaseTestIssuer {
    return new (this.constructor as typeof BaseTestIssuer)({ ...this.#signer, issuer });
  }

  /** Returns the metadata that PropelAuth's dashboard would show under "Backend Integration". */
  metadata(): TokenVerificationMetadata {
    return { verifierKey: this.#signer.verifierKey, issuer: this.#signer.issuer };
  }

  /** Returns a verifier of this issuer's tokens, to use where your program uses its own. */
  verifier(): BaseVerifier {
    return new BaseVerifier((this.constructor as typeof BaseTestIssuer).engine(), this.metadata());
  }

  /** Returns a token for the user with this id. */
  token(userId: string): TestToken {
    return TestToken.of(this.#signer, userId);
  }
}
