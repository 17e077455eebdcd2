// The test kit: tokens for the tests of your handlers, without PropelAuth.
import { Buffer } from "node:buffer";

import { onDemand } from "./load.js";
import { BaseTestIssuer } from "./testkit-issuer.js";
import testkit from "./testkit.base64.js";

export type { TokenVerificationMetadata } from "./testkit-issuer.js";
export { TestOrg } from "./testkit-org.js";
export { Fault, type TestToken } from "./testkit-token.js";

/** Replaces PropelAuth in tests: a key that signs tokens, and their issuer. */
export class TestIssuer extends BaseTestIssuer {
  /** @internal */
  static override engine = onDemand(() => Uint8Array.from(Buffer.from(testkit, "base64")));
}
