// Node, Deno and Bun, by `import`.
import * as propelauth from "propelauth-edge";
import * as kit from "propelauth-edge/testkit";

import { checkKit } from "./check.mjs";

console.log("test kit, imported:", checkKit(propelauth, kit));
