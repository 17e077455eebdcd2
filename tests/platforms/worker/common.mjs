// Shared code of the Workers tests: the test data, and workerd.
import { fileURLToPath } from "node:url";
import { decompress } from "fzstd";
import { Log, LogLevel, Miniflare } from "miniflare";
import * as tokens from "../tokens.mjs";

export const rows = (name) => tokens.rows(name, decompress);

/** Returns the Worker that `worker-build` put into this folder. */
export function start(folder, options = {}) {
  const log = [];
  const miniflare = new Miniflare({
    modulesRoot: fileURLToPath(folder),
    modules: [
      { type: "ESModule", path: fileURLToPath(new URL("index.js", folder)) },
      { type: "CompiledWasm", path: fileURLToPath(new URL("index_bg.wasm", folder)) },
    ],
    compatibilityDate: "2026-04-01",
    log: new Log(LogLevel.NONE),
    handleRuntimeStdio: (stdout, stderr) => {
      for (const stream of [stdout, stderr]) stream.on("data", (text) => log.push(text.toString()));
    },
    ...options,
  });
  return { miniflare, log };
}
