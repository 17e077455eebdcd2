// Each bundler with its defaults: its output is moved away from all packages, runs, accepts a token and rejects another.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";

import honoBuild from "@hono/vite-build/cloudflare-workers";
import resolve from "@rollup/plugin-node-resolve";
import esbuild from "esbuild";
import { chromium } from "playwright-core";
import { rollup } from "rollup";
import { build as viteBuild } from "vite";
import webpack from "webpack";
import { createTestHarness } from "wrangler";

import { bearer, file, forge, ISSUER, USER } from "../../../tests/platforms/tokens.mjs";

const here = import.meta.dirname;
const program = (name) => join(here, "program", name);
const elsewhere = mkdtempSync(join(tmpdir(), "propelauth-edge-"));
const tools = join(here, "../node_modules");

const header = bearer();
const questions = [header, forge(header)].map((header) => ({
  verifierKey: file("keys/rsa2048.pem"),
  issuer: ISSUER,
  header,
}));
const expected = [USER, "401 InvalidSignature"];
const environment = { ...process.env, QUESTIONS: JSON.stringify(questions) };

let browser;
after(async () => {
  await browser?.close();
  rmSync(elsewhere, { recursive: true });
});

/** Creates a separate folder, with no package above it. */
function folder(name) {
  const path = join(elsewhere, name);
  mkdirSync(path, { recursive: true });
  return path;
}

function runs(command, ...options) {
  const output = execFileSync(command, options, { env: environment, cwd: elsewhere, encoding: "utf8" });
  assert.deepEqual(JSON.parse(output), expected);
}

async function runsInBrowser(script) {
  browser ??= await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage();
  page.on("pageerror", (error) => assert.fail(error));
  await page.addScriptTag({ content: readFileSync(script, "utf8"), type: "module" });
  await page.waitForFunction(() => "answer" in globalThis);
  assert.deepEqual(await page.evaluate((questions) => questions.map(globalThis.answer), questions), expected);
  await page.close();
}

test("esbuild, for Node, as one file", async () => {
  for (const [entry, format, name] of [
    ["node.mjs", "esm", "out.mjs"],
    ["node.mjs", "cjs", "out.cjs"],
    ["node.cjs", "cjs", "required.cjs"],
  ]) {
    const outfile = join(folder("esbuild"), name);
    await esbuild.build({ entryPoints: [program(entry)], bundle: true, platform: "node", format, outfile });
    runs("node", outfile);
  }
});

test("esbuild, for browsers", async () => {
  const outfile = join(folder("esbuild-browser"), "out.js");
  await esbuild.build({ entryPoints: [program("browser.mjs")], bundle: true, minify: true, outfile });
  await runsInBrowser(outfile);
});

const viteOptions = { root: join(here, "program"), configFile: false, logLevel: "warn" };

test("Vite, for browsers", async () => {
  const outDir = folder("vite");
  const rollupOptions = { input: program("browser.mjs"), output: { entryFileNames: "out.js" } };
  await viteBuild({ ...viteOptions, build: { outDir, emptyOutDir: false, rollupOptions } });
  await runsInBrowser(join(outDir, "out.js"));
});

test("Vite, for servers", async () => {
  const outDir = folder("vite-ssr");
  const rollupOptions = { output: { entryFileNames: "out.mjs" } };
  await viteBuild({
    ...viteOptions,
    ssr: { noExternal: true },
    build: { outDir, emptyOutDir: false, ssr: program("node.mjs"), rollupOptions },
  });
  runs("node", join(outDir, "out.mjs"));
});

for (const [target, entry] of [
  ["node", "node.mjs"],
  ["node", "node.cjs"],
  ["web", "browser.mjs"],
]) {
  test(`webpack, for ${target}, ${entry}`, async () => {
    const path = folder(`webpack-${entry}`);
    const compiler = webpack({
      mode: "production",
      target,
      entry: program(entry),
      output: { path, filename: "out.cjs" },
    });
    const stats = await promisify(compiler.run.bind(compiler))();
    assert.ok(!stats.hasErrors(), stats.toString());
    const out = join(path, "out.cjs");
    if (target === "node") runs("node", out);
    else await runsInBrowser(out);
  });
}

test("Rollup", async () => {
  const bundle = await rollup({
    input: program("node.mjs"),
    plugins: [resolve({ exportConditions: ["node"] })],
    external: /^node:/,
  });
  const out = join(folder("rollup"), "out.mjs");
  await bundle.write({ file: out });
  runs("node", out);
});

test("Rollup, for browsers", async () => {
  const bundle = await rollup({ input: program("browser.mjs"), plugins: [resolve({ browser: true })] });
  const out = join(folder("rollup-browser"), "out.js");
  await bundle.write({ file: out });
  await runsInBrowser(out);
});

test("Bun, as a bundle and as a program", () => {
  const [bun] = globSync(join(tools, "@oven/bun-*/bin/bun"));
  const path = folder("bun");
  for (const entry of ["node.mjs", "node.cjs"]) {
    execFileSync(bun, ["build", "--target=bun", `--outfile=${join(path, "out.js")}`, program(entry)]);
    runs(bun, join(path, "out.js"));
  }
  execFileSync(bun, ["build", "--target=node", `--outfile=${join(path, "node.mjs")}`, program("node.mjs")]);
  runs("node", join(path, "node.mjs"));
  execFileSync(bun, ["build", "--compile", `--outfile=${join(path, "program")}`, program("node.mjs")]);
  runs(join(path, "program"));
});

test("Deno, as a bundle", () => {
  const out = join(folder("deno"), "out.js");
  const deno = join(tools, ".bin/deno");
  execFileSync(deno, ["bundle", "--quiet", "--output", out, program("node.mjs")], { cwd: here });
  runs(deno, "run", "--allow-env", out);
});

test("Jest with its defaults", () => {
  const path = join(here, ".jest");
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path);
  cpSync(program("jest.test.js"), join(path, "answer.test.js"));
  writeFileSync(join(path, "package.json"), "{}");
  execFileSync(join(here, "node_modules/.bin/jest"), { cwd: path, stdio: "pipe" });
});

test("Vitest with its defaults", () => {
  execFileSync(join(here, "node_modules/.bin/vitest"), ["run", "vitest.test.mjs"], {
    cwd: join(here, "program"),
    stdio: "pipe",
  });
});

// This one does not support the condition `workerd`; wrangler, which runs afterwards, does.
test("Hono's build for Cloudflare Workers, with the package left to wrangler", async () => {
  const root = join(here, "program");
  const outputDir = join(here, ".hono");
  rmSync(outputDir, { recursive: true, force: true });
  const plugin = honoBuild({ entry: "worker.mjs", outputDir, external: ["propelauth-edge"] });
  await viteBuild({ ...viteOptions, root, plugins: [plugin] });
  const configPath = join(outputDir, "wrangler.json");
  writeFileSync(configPath, JSON.stringify({ name: "hono", main: "index.js", compatibility_date: "2026-11-01" }));
  const harness = createTestHarness({ root: dirname(configPath), workers: [{ configPath }] });
  await harness.listen();
  try {
    const response = await harness.fetch("/", { method: "POST", body: environment.QUESTIONS });
    assert.deepEqual(await response.json(), expected);
  } finally {
    await harness.close();
  }
});
