// Prints the size and the startup time of a module. Each time is the minimum over many new processes.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const PROCESSES = 15;
const path = (name) => fileURLToPath(new URL(name, import.meta.url));

function sizes(name) {
  const [module, optimized] = [path(`built/${name}.wasm`), path(`built/${name}-Oz.wasm`)];
  const features = ["--enable-simd", "--enable-relaxed-simd", "--enable-bulk-memory", "--enable-sign-ext"];
  features.push("--enable-nontrapping-float-to-int", "--enable-mutable-globals", "--enable-reference-types", "--enable-multivalue");
  execFileSync("node_modules/.bin/wasm-opt", ["-Oz", ...features, module, "-o", optimized], { cwd: path(".") });
  const [raw, small] = [module, optimized].map((file) => readFileSync(file));
  rmSync(optimized);
  return [raw, small, gzipSync(small, { level: 9 }), brotliCompressSync(small)].map((bytes) => bytes.length);
}

function start(name) {
  const runs = Array.from({ length: PROCESSES }, () =>
    JSON.parse(execFileSync(process.execPath, [...process.execArgv, path("first.mjs"), path(`built/${name}.wasm`)])),
  );
  return ["compile", "first"].map((what) => Math.min(...runs.map((run) => run[what])).toFixed(2));
}

console.log("| module | raw | wasm-opt -Oz | gzip | brotli | compile, ms | first verification, ms |");
console.log("|---|---|---|---|---|---|---|");
for (const name of ["edge-plain", "edge-relaxed", "rsa-plain", "rsa-relaxed"]) {
  console.log(`| ${[name, ...sizes(name), ...start(name)].join(" | ")} |`);
}
