// Node, Deno and Bun, by `require`: it works without `require(esm)`, and both ways lead to one copy of the package.
const assert = require("node:assert/strict");

const propelauth = require("propelauth-edge");
const kit = require("propelauth-edge/testkit");
const module_ = require("propelauth-edge/module");

(async () => {
  const { checkKit } = await import("./check.mjs");
  console.log("test kit, required:", checkKit(propelauth, kit));
  assert.equal((await import("propelauth-edge")).AuthError, propelauth.AuthError);
  assert.equal((await import("propelauth-edge/module")).AuthError, propelauth.AuthError);
  assert.equal((await import("propelauth-edge/testkit")).TestIssuer, kit.TestIssuer);
  assert.equal(module_.AuthError, propelauth.AuthError);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
