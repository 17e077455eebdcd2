// The code of the guide's page in Next.js with `output: "standalone"`: built, moved to a folder without packages, and run
// there. A handler on Node, one on the edge runtime, and the middleware or proxy accept a token and refuse others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";

import { blocks } from "../pages/blocks.mjs";
import { ask, freePort, listening, logged, stopAll } from "../server.mjs";
import { bearer, file, forge, ISSUER, ORG, USER } from "../tokens.mjs";

const here = import.meta.dirname;
const PAGE = readFileSync(join(here, "../../../src/guide/nextjs.md"), "utf8");
// `../pages/run` runs the page's own test.
const FILES = blocks(PAGE).filter(({ file }) => file !== undefined && !file.endsWith(".test.ts"));
const EXTERNAL = { serverExternalPackages: ["propelauth-edge"] };
const SETTINGS = { PROPELAUTH_VERIFIER_KEY: file("keys/rsa2048.pem"), PROPELAUTH_ISSUER: ISSUER };

const REPORT = "/reports/2026.csv";
const PATHS = { [`/bills/${ORG}`]: "The bill of Acme", "/whoami": USER, [REPORT]: "January,1200" };
/** Other spellings of the path of what only the proxy protects. */
const DETOURS = [
  "/reports//2026.csv",
  "//reports/2026.csv",
  "/./reports/2026.csv",
  "/x/../reports/2026.csv",
  "/%72eports/2026.csv",
  "/reports%2F2026.csv",
  "/reports%5C2026.csv",
  "/reports\\2026.csv",
  "/REPORTS/2026.csv",
  "/reports/2026.csv/",
  "/reports/2026.csv?_rsc=1",
  "/reports/2026.csv.rsc",
  "/en/reports/2026.csv",
  "/_next/image?url=%2Freports%2F2026.csv&w=64&q=75",
  "/_next/static/..%2f..%2freports/2026.csv",
];

for (const { next, config, proxy } of [
  { next: "next15", config: {}, proxy: false },
  { next: "next15", config: EXTERNAL, proxy: false },
  { next: "next16", config: {}, proxy: true },
  { next: "next16", config: EXTERNAL, proxy: false },
]) {
  const name = `${next}, ${proxy ? "proxy.ts" : "middleware.ts"}, ${JSON.stringify(config)}`;
  test(name, { timeout: 1_800_000 }, async () => {
    const project = join(here, next, "project");
    rmSync(project, { recursive: true, force: true });
    const write = (path, text) => {
      mkdirSync(dirname(join(project, path)), { recursive: true });
      writeFileSync(join(project, path), text);
    };
    cpSync(join(here, next, "package.json"), join(project, "package.json"));
    for (const { file, text } of FILES) write(file, text);
    if (!proxy) {
      execFileSync("sed", ["-i", "s/function proxy/function middleware/", join(project, "proxy.ts")]);
      renameSync(join(project, "proxy.ts"), join(project, "middleware.ts"));
    }
    const options = { output: "standalone", outputFileTracingRoot: join(here, next), ...config };
    write("next.config.mjs", `export default ${JSON.stringify(options)};\n`);
    const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", CI: "1" };
    execFileSync(join(here, next, "node_modules/.bin/next"), ["build"], {
      cwd: project,
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });

    const elsewhere = mkdtempSync(join(tmpdir(), "propelauth-edge-next-"));
    const moved = join(elsewhere, "project");
    // Verbatim: otherwise a link would point back to the build folder.
    cpSync(join(project, ".next/standalone"), elsewhere, { recursive: true, verbatimSymlinks: true });
    cpSync(join(project, "public"), join(moved, "public"), { recursive: true });
    rmSync(project, { recursive: true });
    const hidden = join(here, next, "node_modules/.propelauth-edge");
    renameSync(join(here, next, "node_modules/propelauth-edge"), hidden);
    const start = async (settings) => {
      const port = await freePort();
      const env = { ...environment, ...settings, PORT: `${port}`, HOSTNAME: "127.0.0.1" };
      const { log } = await listening(port, "node", ["server.js"], env, moved);
      return { log, get: (path, headers) => ask(port, path, headers) };
    };
    try {
      const { get, log } = await start(SETTINGS);
      const authorization = bearer();
      for (const [path, expected] of Object.entries(PATHS)) {
        const accepted = await get(path, { authorization });
        assert.equal(accepted.status, 200, `${path}: ${accepted.text}\n${log.join("")}`);
        assert.ok(accepted.text.includes(expected), `${path}: ${accepted.text}`);
        for (const [headers, text, challenge] of [
          [{ authorization: forge(authorization) }, "Invalid access token", 'Bearer error="invalid_token"'],
          [{}, "No authorization header found", "Bearer"],
        ]) {
          const refused = await get(path, headers);
          assert.deepEqual([refused.status, refused.text, refused.challenge], [401, text, challenge], path);
        }
      }
      assert.equal((await get("/bills/another-org", { authorization })).status, 403);
      for (const code of ["InvalidSignature", "MissingHeader", "NotMemberOfOrg"]) await logged(log, `refused ${code}`);
      for (const path of DETOURS) {
        const { status, text } = await get(path);
        assert.ok(status >= 300 && !text.includes(PATHS[REPORT]), `${path}: ${status} ${text}`);
      }

      const without = await start({ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: "" });
      for (const path of Object.keys(PATHS)) assert.equal((await without.get(path, { authorization })).status, 500, path);
      await logged(without.log, "the verifier key is empty");
    } finally {
      stopAll();
      renameSync(hidden, join(here, next, "node_modules/propelauth-edge"));
      rmSync(elsewhere, { recursive: true });
    }
  });
}
