// Does what a page says, in an empty folder: `node page.mjs PAGE FOLDER`.
//
// - A block below a line such as "`src/main.rs`:" is that file. If the line begins with "Add to", it goes to the file's end.
// - A block of `sh` is run. A block of `text` below it is what it prints; `…` is any text.
// - `<!-- test: serves 3000 -->` before a block of `sh` leaves it running, until the port is open and then to the end.
// - `<!-- test: logged -->` before a block says that what was left running has printed these lines.
// - A block of `rust` is one of the documentation tests, unless it is marked `ignore`.
// - `<!-- test: not run -->` before a block passes over it: what deploys, and what is an excerpt.
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, existsSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join, resolve } from "node:path";

import { blocks } from "./blocks.mjs";

const root = resolve(import.meta.dirname, "../../..");
const [page, folder] = process.argv.slice(2);

// npm packages come in the versions of these tests.
const versions = Object.assign({}, ...["platforms/next/next16", "../npm/test/bundlers"].map((test) => {
  return JSON.parse(readFileSync(join(root, "tests", test, "package.json"), "utf8")).dependencies;
}));
const npmPackage = (name) =>
  name === "propelauth-edge" ? process.env.PACKAGE : name in versions ? `${name}@${versions[name]}` : name;

// What is not published yet comes from this checkout. Tools have the versions of the other tests, and nothing is deployed.
// The pages share a target folder.
const SUBSTITUTES = [
  [/cargo add propelauth-edge\b/g, `cargo add propelauth-edge --path ${root}`],
  [/cargo install propelauth-edge-cli\b/g, "propelauth-edge --version"],
  [/cargo install worker-build\b/g, "worker-build --version"],
  [/pip install cargo-lambda\b/g, "cargo lambda --version"],
  [/npm install (.*)/g, (_, names) => `npm install --no-audit --no-fund ${names.split(" ").map(npmPackage).join(" ")}`],
  [/npx wrangler deploy\b/g, "wrangler deploy --dry-run"],
  [/npx wrangler\b/g, "wrangler"],
  [/npx @bytecodealliance\/jco\b/g, "jco"],
  [/ target\//g, ` ${process.env.CARGO_TARGET_DIR}/`],
];

const state = join(folder, ".state");
mkdirSync(folder, { recursive: true });
const workDir = join(folder, "work");
mkdirSync(workDir);
writeFileSync(state, `cd ${workDir}\n`);

const cwd = () => spawnSync("bash", ["-c", `. ${state}; pwd`], { encoding: "utf8" }).stdout.trim();

function script(text) {
  const command = SUBSTITUTES.reduce((text, [what, by]) => text.replace(what, by), text);
  return `. ${state}; set -euo pipefail; trap 'status=$?; { export -p; printf "cd %q\\n" "$PWD"; } >${state}; exit $status' EXIT\n${command}`;
}

const locked = new Set();
const servers = [];
let log = "";
process.on("exit", () => {
  for (const server of servers) {
    try {
      process.kill(-server.pid);
    } catch {
      // It has ended by itself.
    }
  }
});

const isOpen = (port) =>
  new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => resolve(true)).on("error", () => resolve(false));
    socket.on("connect", () => socket.destroy());
  });

async function serve(block, port) {
  if (await isOpen(port)) throw new Error(`something else listens on port ${port}`);
  const server = spawn("bash", ["-c", script(block.text).replace("trap ", "#trap ")], { detached: true });
  const keep = (text) => {
    log += text;
    process.stdout.write(text);
  };
  server.stdout.on("data", keep);
  server.stderr.on("data", keep);
  servers.push(server);
  for (let second = 0; second < 1800; second++) {
    if (server.exitCode !== null) throw new Error(`line ${block.line}: the server ended`);
    if (await isOpen(port)) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`line ${block.line}: nothing listens on port ${port}`);
}

const pattern = ({ text }) => text.trim().replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("…", "[^\\n]*");

async function logged(block) {
  for (let second = 0; second < 30; second++) {
    // Without colours.
    if (new RegExp(pattern(block)).test(log.replace(/\x1b\[[0-9;]*m/g, ""))) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`line ${block.line}: not in the log:\n${block.text}`);
}

function run(block, expected) {
  // Errors are printed as they come; the page shows both streams.
  const { status, stdout } = spawnSync("bash", ["-c", script(block.text)], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.stdout.write(stdout);
  if (status !== 0) throw new Error(`line ${block.line}: status ${status}\n${block.text}`);
  // The versions that the crate is tested with.
  if (existsSync(join(cwd(), "Cargo.toml")) && !locked.has(cwd())) {
    locked.add(cwd());
    copyFileSync(process.env.LOCK, join(cwd(), "Cargo.lock"));
  }
  if (expected === undefined) return;
  if (!new RegExp(`^${pattern(expected)}$`).test(stdout.replaceAll("\r", "").trim())) {
    throw new Error(`line ${expected.line}: the page says\n${expected.text}and the command printed\n${stdout}`);
  }
}

const all = blocks(readFileSync(page, "utf8"));
let done = 0;
for (let at = 0; at < all.length; at++) {
  const block = all[at];
  if (block.test === "not run" || block.language === "rust") continue;
  console.log(`-- ${page}:${block.line}, after ${Math.round(process.uptime())} s`);
  done++;
  if (block.test === "logged") {
    await logged(block);
    continue;
  }
  const serves = block.test?.match(/^serves (\d+)$/);
  if (block.test && !serves) throw new Error(`line ${block.line}: what is "${block.test}"?`);
  if (block.language === "sh") {
    const next = all[at + 1];
    const expected = next?.language === "text" && next.test === undefined ? next : undefined;
    if (expected) at++;
    if (serves) await serve(block, Number(serves[1]));
    else run(block, expected);
  } else if (block.file) {
    const path = join(cwd(), block.file);
    mkdirSync(dirname(path), { recursive: true });
    (block.above.startsWith("Add to ") ? appendFileSync : writeFileSync)(path, block.text);
  } else {
    throw new Error(`line ${block.line}: neither a command nor a file`);
  }
}
if (done < 3) throw new Error(`${page}: only ${done} blocks`);
console.log(`${page}: ${done} blocks done, ${Math.round(process.uptime())} s`);
process.exit(0);
