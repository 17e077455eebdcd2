// Runs the command that prepares a verifier, in the Node that has relaxed SIMD.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const NODE = fileURLToPath(new URL("node_modules/.bin/node", import.meta.url));
const COMMAND = fileURLToPath(new URL("node_modules/propelauth-edge/dist/prepare.js", import.meta.url));

export function prepare(...options) {
  return spawnSync(NODE, [COMMAND, ...options], { encoding: "utf8" });
}
