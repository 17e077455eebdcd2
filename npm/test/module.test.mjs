// The entry point that takes a module.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { AuthError } from "propelauth-edge";
import { Verifier } from "propelauth-edge/module";
import { TestIssuer } from "propelauth-edge/testkit";

test("a verifier runs the module that it is given", () => {
  const issuer = TestIssuer.generate();
  const file = fileURLToPath(import.meta.resolve("propelauth-edge/plain.wasm"));
  const module = new WebAssembly.Module(readFileSync(file));
  for (const auth of [1, 2].map(() => new Verifier({ ...issuer.metadata(), module }))) {
    assert.equal(auth.validateAccessToken(issuer.token("ada").accessToken()).userId, "ada");
    assert.throws(() => auth.validateAccessToken(issuer.token("ada").fault("Tampered").accessToken()), AuthError);
  }
  for (const mistake of [undefined, null, {}, readFileSync(file)]) {
    assert.throws(() => new Verifier({ ...issuer.metadata(), module: mistake }), /is not a WebAssembly.Module/);
  }
});

test("where WebAssembly is not compiled, the error says what to do", async () => {
  const { Module } = WebAssembly;
  WebAssembly.Module = class {
    constructor() {
      throw new WebAssembly.CompileError("Wasm code generation disallowed by embedder");
    }
  };
  try {
    const { Verifier: Fresh } = await import(
      new URL("./node_modules/propelauth-edge/dist/default.js", import.meta.url)
    );
    assert.throws(
      () => new Fresh(TestIssuer.generate().metadata()),
      /pass a compiled module to the Verifier of `propelauth-edge\/module`/,
    );
  } finally {
    WebAssembly.Module = Module;
  }
});
