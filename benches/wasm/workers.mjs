// What a Worker takes to start and to answer in workerd, beside one that does nothing: `node workers.mjs NAME=FOLDER ...`,
// each a folder that `worker-build` leaves. All is timed from outside, in turns, and the least counts. The processor time is
// that of workerd, up to the first answer of a new process, or for one more answer: on a busy machine, go by that.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { brotliCompressSync } from "node:zlib";
import workerd from "workerd";

import { ISSUER, bearer, file } from "../../tests/tokens.mjs";

const ROUNDS = 30;
const CALLS = 100;
const BUDGET_MS = Number(process.env.BENCH_SECONDS ?? 20) * 1000;
const EMPTY = 'export default { fetch: () => new Response("{}") };';

/** Puts a Worker and a configuration for it into a new folder. */
function prepare(folder) {
  const to = mkdtempSync(join(tmpdir(), "workers-"));
  if (folder) cpSync(folder, to, { recursive: true });
  else writeFileSync(join(to, "index.js"), EMPTY);
  const wasm = folder ? '(name = "index_bg.wasm", wasm = embed "index_bg.wasm"),' : "";
  const bindings = Object.entries({ PROPELAUTH_ISSUER: ISSUER, PROPELAUTH_VERIFIER_KEY: file("keys/rsa2048.pem") });
  const config = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = "2026-04-01",
    modules = [(name = "index.js", esModule = embed "index.js"), ${wasm}],
    bindings = [${bindings.map(([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`)}],
  ))],
  sockets = [(name = "http", http = (), service = "main")],
);`;
  writeFileSync(join(to, "config.capnp"), config);
  return to;
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
        response.statusCode === 200 ? resolve(JSON.parse(body)) : reject(new Error(`${response.statusCode} ${body}`));
      };
      http.get(options, onResponse).on("error", reject);
    });
  }

  /** Milliseconds that all its threads were on a processor. */
  processorTime() {
    const tasks = `/proc/${this.process.pid}/task`;
    const time = (task) => Number(readFileSync(`${tasks}/${task}/schedstat`, "utf8").split(" ")[0]) / 1e6;
    return readdirSync(tasks).reduce((sum, task) => sum + time(task), 0);
  }

  stop() {
    this.#agent.destroy();
    this.process.kill();
    return once(this.process, "exit");
  }
}

/** From the start of the process to the first answer: milliseconds by the clock, and on a processor. */
async function first(folder) {
  const start = performance.now();
  const worker = await Worker.start(folder);
  await worker.get();
  const times = [performance.now() - start, worker.processorTime()];
  await worker.stop();
  return times;
}

/** An answer of a Worker that runs: microseconds by the clock, and on a processor. */
async function next(worker) {
  const [start, processor] = [performance.now(), worker.processorTime()];
  for (let call = 0; call < CALLS; call++) await worker.get();
  return [performance.now() - start, worker.processorTime() - processor].map((ms) => (1000 * ms) / CALLS);
}

const folders = [["nothing"], ...process.argv.slice(2).map((argument) => argument.split("="))];
const workers = folders.map(([name, folder]) => ({ name, folder, prepared: prepare(folder), least: Array(4).fill(Infinity) }));
const keep = (worker, at, times) => times.forEach((time, i) => (worker.least[at + i] = Math.min(worker.least[at + i], time)));
try {
  for (let round = 0; round < ROUNDS; round++) {
    for (const worker of workers) keep(worker, 0, await first(worker.prepared));
  }
  for (const worker of workers) {
    worker.running = await Worker.start(worker.prepared);
    if (worker.folder) assert.ok((await worker.running.get()).user_id, worker.name);
    for (let batch = 0; batch < 20; batch++) await next(worker.running); // to the code that the optimizer makes
  }
  for (const start = performance.now(); performance.now() - start < BUDGET_MS; ) {
    for (const worker of workers) keep(worker, 2, await next(worker.running));
  }
} finally {
  for (const { running, prepared } of workers) {
    await running?.stop();
    rmSync(prepared, { recursive: true });
  }
}

console.log("| Worker | wasm, octets | brotli | first answer, ms | on a processor, ms | next answer, µs | on a processor, µs |");
console.log("|---|---|---|---|---|---|---|");
for (const { name, folder, least } of workers) {
  const wasm = folder ? readFileSync(join(folder, "index_bg.wasm")) : undefined;
  const sizes = wasm ? [wasm.length, brotliCompressSync(wasm).length] : ["", ""];
  console.log(`| ${[name, ...sizes, ...least.map((time) => time.toPrecision(3))].join(" | ")} |`);
}
