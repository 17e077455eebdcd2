// Measures the start and the answers of Workers in workerd: those of `workers/`, and those in Rust that `run` builds.
// They are timed from outside, in turns, and the minimum counts.
//
// On a busy machine, go by the processor time. It runs from the start of workerd to an answer, minus that of a Worker
// that does nothing, for the Worker's thread and, in parentheses, for all threads, on which V8 also optimizes.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import esbuild from "esbuild";
import workerd from "workerd";

import { processorTime, threadTime } from "../processor-time.mjs";
import { ISSUER, USER, bearer } from "../../tests/platforms/tokens.mjs";

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 30);
const CALLS = 100;
const BUDGET_MS = Number(process.env.BENCH_SECONDS ?? 20) * 1000;
/** The numbers of answers after which a new process's processor time is read. */
const ANSWERS = [1, 2, 10, 100];

/** Those of `workers/`. */
const JAVASCRIPT = {
  nothing: "nothing",
  "jose, importSPKI": "jose",
  "@propelauth/cloudflare-worker": "cloudflare-worker",
  "propelauth-edge on npm": "npm",
  "the same, prepared": "npm-prepared",
};
/** Those of `built/`. */
const RUST = {
  "a Worker of the crate `worker` that does nothing": "rust-hello",
  "one that verifies, key in a setting": "rust-setting",
  "one that verifies, key embedded": "rust-embedded",
  "examples/cloudflare-worker, key embedded": "rust-example",
  "examples/cloudflare-worker-bare": "rust-bare",
};

const PACKAGE = join(import.meta.dirname, "node_modules/propelauth-edge/dist");
const KEY = new URL("../../tests/data/keys/rsa2048.pem", import.meta.url);
const prepared = join(import.meta.dirname, "built/prepared.json");
const command = [...process.execArgv, join(PACKAGE, "prepare.js"), fileURLToPath(KEY), ISSUER];
writeFileSync(prepared, execFileSync(process.execPath, command));

/** Writes a Worker and its configuration to a new folder. */
function prepare({ javascript, rust }) {
  const to = mkdtempSync(join(tmpdir(), "workers-"));
  if (rust) cpSync(join(import.meta.dirname, "built", rust), to, { recursive: true });
  else {
    esbuild.buildSync({
      entryPoints: [join(import.meta.dirname, `workers/${javascript}.mjs`)],
      outfile: join(to, "index.js"),
      bundle: true,
      minify: true,
      format: "esm",
      conditions: ["workerd", "worker"],
      external: ["*.wasm"],
      alias: { prepared },
    });
  }
  if (javascript?.startsWith("npm")) cpSync(join(PACKAGE, "relaxed.wasm"), join(to, "relaxed.wasm"));
  const named = (end) => readdirSync(to).filter((name) => name.endsWith(end));
  const modules = [
    ...named(".js").map((name) => `(name = "${name}", esModule = embed "${name}")`),
    ...named(".wasm").map((name) => `(name = "${name}", wasm = embed "${name}")`),
  ];
  const bindings = Object.entries({ PROPELAUTH_ISSUER: ISSUER, PROPELAUTH_VERIFIER_KEY: readFileSync(KEY, "utf8") });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2026-04-01",
    modules = [${modules.join(", ")}],
    bindings = [${bindings.map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`)}],
  ))],
  sockets = [(name = "http", http = (), service = "main")],
);`;
  writeFileSync(join(to, "config.capnp"), config);
  return to;
}

/** Returns the size in bytes of the module in the folder, if there is one, as is and compressed with brotli. */
function sizes(folder) {
  const [name] = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  if (name === undefined) return undefined;
  const bytes = readFileSync(join(folder, name));
  return [bytes.length, brotliCompressSync(bytes).length];
}

class Worker {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #authorization = bearer(3600);

  static async start(folder) {
    const worker = new Worker();
    const args = ["serve", join(folder, "config.capnp"), "--socket-addr=http=127.0.0.1:0", "--control-fd=3"];
    worker.process = spawn(workerd.default, args, { stdio: ["ignore", "inherit", "inherit", "pipe"] });
    const [line] = await once(createInterface(worker.process.stdio[3]), "line");
    worker.port = JSON.parse(line).port;
    return worker;
  }

  get() {
    return new Promise((resolve, reject) => {
      const headers = { authorization: this.#authorization };
      const options = { host: "127.0.0.1", port: this.port, path: "/whoami", agent: this.#agent, headers };
      const onResponse = async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        response.statusCode === 200 ? resolve(body) : reject(new Error(`${response.statusCode} ${body}`));
      };
      http.get(options, onResponse).on("error", reject);
    });
  }

  /** Returns the processor time in milliseconds of the Worker's thread, and of all threads. */
  processorTime() {
    const { pid } = this.process;
    return [threadTime(pid, pid), processorTime(pid)];
  }

  stop() {
    this.#agent.destroy();
    this.process.kill();
    return once(this.process, "exit");
  }
}

/** Starts a process. Returns the milliseconds to the first answer, and the processor time up to each of `ANSWERS`. */
async function first(folder) {
  const start = performance.now();
  const worker = await Worker.start(folder);
  const times = [];
  for (let answer = 1; answer <= ANSWERS.at(-1); answer++) {
    await worker.get();
    if (answer === 1) times.push(performance.now() - start);
    if (ANSWERS.includes(answer)) times.push(...worker.processorTime());
  }
  await worker.stop();
  return times;
}

/** Returns the microseconds per answer of a running Worker, by the clock and on a processor. */
async function next(worker) {
  const times = () => [performance.now(), worker.processorTime()[0]];
  const start = times();
  for (let call = 0; call < CALLS; call++) await worker.get();
  return times().map((time, i) => (1000 * (time - start[i])) / CALLS);
}

const FIRST = 1 + 2 * ANSWERS.length;
const workers = [
  ...Object.entries(JAVASCRIPT).map(([name, javascript]) => ({ name, javascript })),
  ...Object.entries(RUST).map(([name, rust]) => ({ name, rust })),
].map((worker) => {
  const prepared = prepare(worker);
  return { ...worker, prepared, wasm: sizes(prepared), least: Array(FIRST + 2).fill(Infinity) };
});
const keep = (worker, at, times) =>
  times.forEach((time, i) => (worker.least[at + i] = Math.min(worker.least[at + i], time)));
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const worker of workers) keep(worker, 0, await first(worker.prepared));
  }
  for (const worker of workers) {
    worker.running = await Worker.start(worker.prepared);
    const doesNothing = worker === workers[0] || worker.rust === "rust-hello";
    assert.equal((await worker.running.get()).includes(USER), !doesNothing, worker.name);
    for (let batch = 0; batch < 20; batch++) await next(worker.running); // to the code that the optimizer makes
  }
  for (const start = performance.now(); performance.now() - start < BUDGET_MS; ) {
    for (const worker of workers) keep(worker, FIRST, await next(worker.running));
  }
} finally {
  for (const { running, prepared } of workers) {
    await running?.stop();
    rmSync(prepared, { recursive: true });
  }
}

const columns = [
  ...["Worker", "wasm, bytes", "brotli", "first answer by the clock, ms"],
  ...ANSWERS.map((answer) => `processor to answer ${answer}, ms`),
  ...["one more when warm by the clock, µs", "on a processor, µs"],
];
console.log(`| ${columns.join(" | ")} |\n|${"---|".repeat(columns.length)}`);
const [nothing] = workers;
for (const { name, wasm, least } of workers) {
  const beyond = (i) => (least === nothing.least ? least[i].toPrecision(3) : `+${(least[i] - nothing.least[i]).toFixed(2)}`);
  const processor = ANSWERS.map((_, i) => `${beyond(1 + 2 * i)} (${beyond(2 + 2 * i)})`);
  const [clock, ...warm] = [least[0], ...least.slice(FIRST)].map((time) => time.toPrecision(3));
  console.log(`| ${[name, ...(wasm ?? ["", ""]), clock, ...processor, ...warm].join(" | ")} |`);
}
