// The test kit for Cloudflare Workers with `nodejs_compat`.
import { Engine } from "./engine.js";
import { BaseTestIssuer } from "./testkit-issuer.js";
import module from "./testkit.wasm";

export { TestOrg } from "./testkit-org.js";
export { Fault } from "./testkit-token.js";

let engine: Engine | undefined;

export class TestIssuer extends BaseTestIssuer {
  static override engine = () => (engine ??= new Engine(module));
}
