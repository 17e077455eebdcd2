// A Worker that runs the test kit.
import * as propelauth from "propelauth-edge";
import * as kit from "propelauth-edge/testkit";

import { checkKit } from "./check.mjs";

export default {
  fetch() {
    return new Response(checkKit(propelauth, kit));
  },
};
