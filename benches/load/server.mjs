// A server with the settings of the fixture.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

export const fixture = JSON.parse(readFileSync(process.argv[2], "utf8"));

/** The servers of the command line, after the fixture: their names and programs. */
export const named = process.argv.slice(3).map((argument) => argument.split("="));

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const listens = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1", () => done(true)).on("error", () => done(false));
    socket.on("connect", () => socket.destroy());
  });

/** Starts a program, and waits until it listens, looking every `interval` milliseconds. */
export async function start(binary, port, interval = 50) {
  const { issuer, publicPem } = fixture;
  const env = { LISTEN: `127.0.0.1:${port}`, PROPELAUTH_ISSUER: issuer, PROPELAUTH_VERIFIER_KEY: publicPem };
  // The log of refusals goes where a server's log goes: out of the process.
  const server = spawn(binary, [], { env, stdio: ["ignore", "ignore", "ignore"] });
  for (let attempt = 0; !(await listens(port)); attempt++) {
    if (attempt * interval > 5000) throw new Error(`${binary} does not listen`);
    await pause(interval);
  }
  return { port, pid: server.pid, process: server, stop: () => server.kill() };
}
