// Servers in separate processes.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { request } from "node:http";
import { connect, createServer } from "node:net";

const PATIENCE_MS = 600_000;

const processes = [];

/** Ends all started processes and their children. */
export function stopAll() {
  for (const { pid } of processes.splice(0)) {
    try {
      process.kill(-pid);
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}
process.on("exit", stopAll);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Starts a program. Returns its output so far as `log`, and its exit. */
export function run(command, args, env, cwd) {
  const program = spawn(command, args, { env, cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
  if (program.pid !== undefined) processes.push(program);
  const log = [];
  program.stdout.on("data", (text) => log.push(text.toString()));
  program.stderr.on("data", (text) => log.push(text.toString()));
  program.on("error", (error) => log.push(error.message));
  return { log, exit: new Promise((done) => program.on("exit", done).on("error", done)) };
}

const listens = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true) ?? socket.destroy()).on("error", () => done(false));
  });

export const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/** Starts a program and waits until it listens on this port. */
export async function listening(port, command, args, env, cwd) {
  const server = run(command, args, env, cwd);
  let code;
  server.exit.then((exit) => (code = exit));
  const start = performance.now();
  while (!(await listens(port))) {
    assert.equal(code, undefined, `${command} has ended: ${server.log.join("")}`);
    assert.ok(performance.now() - start < PATIENCE_MS, `${command} does not start: ${server.log.join("")}`);
    await sleep(50);
  }
  return server;
}

/** Sends a request to this machine. A header whose value is an array is sent once per element. */
export const ask = (port, path, headers = {}, body) =>
  new Promise((done, failed) => {
    const options = { host: "127.0.0.1", port, path, headers, agent: false, method: body === undefined ? "GET" : "POST" };
    const sent = request(options, async (answer) => {
      try {
        const chunks = await answer.toArray();
        const text = Buffer.concat(chunks).toString();
        done({ status: answer.statusCode, challenge: answer.headers["www-authenticate"] ?? null, headers: answer.headers, text });
      } catch (error) {
        failed(error);
      }
    });
    sent.setTimeout(PATIENCE_MS, () => sent.destroy(new Error(`no answer to ${path}`))).on("error", failed).end(body);
  });

/** Waits until the log contains the text. */
export async function logged(log, text) {
  for (let i = 0; i < 250 && !log.join("").includes(text); i++) await sleep(20);
  assert.ok(log.join("").includes(text), `${text}: ${log.join("")}`);
}
