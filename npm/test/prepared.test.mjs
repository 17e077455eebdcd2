// A prepared verifier works like any other, and is rejected with other settings than those it was made from.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { AuthError, Verifier } from "propelauth-edge";
import { Verifier as ModuleVerifier } from "propelauth-edge/module";

import { bearer, file, forge, ISSUER, ORG, USER } from "../../tests/platforms/tokens.mjs";
import { prepare } from "./prepare.mjs";

const keyFile = fileURLToPath(new URL("../../tests/data/keys/rsa2048.pem", import.meta.url));
const verifierKey = file("keys/rsa2048.pem");
const { status, stdout, stderr } = prepare(keyFile, ISSUER);
assert.equal(status, 0, stderr);
const prepared = JSON.parse(stdout);
const options = { verifierKey, issuer: ISSUER, prepared };

test("a prepared verifier says what another one says", () => {
  assert.deepEqual(Object.keys(prepared), ["settings", "verifiers"]);
  assert.equal(Object.keys(prepared.verifiers).length, 2);
  const plain = readFileSync(fileURLToPath(import.meta.resolve("propelauth-edge/plain.wasm")));
  for (const [auth, unprepared] of [
    [new Verifier(options), new Verifier({ verifierKey, issuer: ISSUER })],
    [
      new ModuleVerifier({ ...options, module: new WebAssembly.Module(plain) }),
      new ModuleVerifier({ verifierKey, issuer: ISSUER, module: new WebAssembly.Module(plain) }),
    ],
  ]) {
    for (let i = 0; i < 20; i += 1) {
      const user = auth.validateAccessTokenAndGetUser(bearer(300 + i));
      assert.ok(user.userId === USER && user.hasPermission(ORG, "billing::view"));
    }
    const expired = bearer(-61);
    for (const header of ["", "Bearer a.b.c", forge(bearer()), expired, bearer(300, undefined, { iss: "https://a.b" })]) {
      const outcome = (verifier) => {
        try {
          verifier.validateAccessTokenAndGetUser(header);
        } catch (error) {
          return [error.name, error.code, error.reason];
        }
        return assert.fail(header);
      };
      assert.deepEqual(outcome(auth), outcome(unprepared));
    }
  }
});

test("white space that a key lost on its way does not matter", () => {
  for (const key of [verifierKey.trim(), verifierKey.replaceAll("\n", "\r\n"), `${verifierKey}\n\n`]) {
    assert.ok(new Verifier({ ...options, verifierKey: key }).validateAccessTokenAndGetUser(bearer()));
  }
});

test("a verifier that was made of something else, or was changed, is none", () => {
  const fails = (changes, message) =>
    assert.throws(
      () => new Verifier({ ...options, ...changes }),
      (error) => !(error instanceof AuthError) && message.test(error.message),
      JSON.stringify(changes).slice(0, 200),
    );
  fails({ verifierKey: file("keys/rsa4096.pem") }, /another verifierKey or issuer/);
  fails({ verifierKey: "" }, /another verifierKey or issuer/);
  fails({ issuer: "https://auth.other-example.com" }, /another verifierKey or issuer/);
  fails({ additionalIssuer: "https://auth.other-example.com" }, /no other settings/);
  fails({ audience: "api" }, /no other settings/);
  fails({ leewaySeconds: 0 }, /no other settings/);
  fails({ maxTokenLength: 100 }, /no other settings/);
  fails({ additionalVerifierKey: file("keys/rsa4096.pem") }, /no other settings/);
  fails({ prepared: {} }, /another verifierKey or issuer/);
  fails({ prepared: { settings: {} } }, /another verifierKey or issuer/);
  for (const verifiers of [undefined, {}, { "": "" }, Object.create(prepared.verifiers)]) {
    fails({ prepared: { ...prepared, verifiers } }, /another version of this package/);
  }
  const changed = (change) => {
    const verifiers = Object.entries(prepared.verifiers).map(([id, text]) => [id, change(text)]);
    return { prepared: { ...prepared, verifiers: Object.fromEntries(verifiers) } };
  };
  for (const at of [0, 5, 12, 100, 1000, -1000, -100, -5]) {
    fails(
      changed((text) => {
        let i = at < 0 ? text.length + at : at;
        // The character before the padding of base64 has bits that mean nothing.
        while (/[=.]/.test(text.slice(i, i + 2))) i -= 1;
        return text.slice(0, i) + (text[i] === "A" ? "B" : "A") + text.slice(i + 1);
      }),
      /it was changed/,
    );
  }
  fails(
    changed((text) => text.slice(0, -400)),
    /it was changed/,
  );
  fails(
    changed(() => ""),
    /it was changed/,
  );
  // Swapped between the modules.
  const [[one, a], [other, b]] = Object.entries(prepared.verifiers);
  fails({ prepared: { ...prepared, verifiers: { [one]: b, [other]: a } } }, /it was changed/);
  assert.throws(() => new Verifier({ ...options, prepared: null }));
});

test("the command says what is wrong", () => {
  const empty = prepare(fileURLToPath(import.meta.url), ISSUER);
  assert.equal(empty.status, 1);
  assert.match(empty.stderr, /^propelauth-edge-prepare: the verifier key /);
  assert.match(prepare(keyFile, "auth.example.com").stderr, /^propelauth-edge-prepare: the issuer /);
  assert.match(prepare("no-such-file", ISSUER).stderr, /ENOENT/);
  for (const options of [[], [keyFile], [keyFile, ISSUER, "more"]]) {
    const misused = prepare(...options);
    assert.equal(misused.status, 2);
    assert.match(misused.stderr, /^usage: /);
    assert.equal(misused.stdout, "");
  }
});
