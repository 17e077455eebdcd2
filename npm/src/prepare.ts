#!/usr/bin/env node
// `propelauth-edge-prepare verifier_key.pem https://auth.example.com >prepared.json`
import { readFileSync } from "node:fs";

import { Engine } from "./engine.js";
import plain from "./plain.base64.js";
import { prepared, type PreparedVerifier } from "./prepared.js";
import relaxed from "./relaxed.base64.js";

function prepare(file: string, issuer: string): PreparedVerifier {
  const settings = { verifierKey: readFileSync(file, "utf8"), issuer };
  const verifiers: PreparedVerifier["verifiers"] = {};
  for (const base64 of [plain, relaxed]) {
    const engine = new Engine(new WebAssembly.Module(Buffer.from(base64, "base64")));
    verifiers[engine.moduleId()] = prepared(engine.prepare(settings), engine.checksum(), engine.moduleId());
  }
  return { settings, verifiers };
}

const [file, issuer, ...others] = process.argv.slice(2);
if (file === undefined || issuer === undefined || others.length > 0) {
  console.error("usage: propelauth-edge-prepare KEY_FILE ISSUER >prepared.json");
  process.exitCode = 2;
} else {
  try {
    console.log(JSON.stringify(prepare(file, issuer), null, 2));
  } catch (error) {
    const hint = error instanceof WebAssembly.CompileError ? " (needs Node 24 or later)" : "";
    console.error(`propelauth-edge-prepare: ${(error as Error).message}${hint}`);
    process.exitCode = 1;
  }
}
