// Measures requests per second, latency and memory of servers: `node measure.mjs FIXTURE NAME=PATH ...`. Each serves on
// one thread; wrk, also on one thread, keeps 32 connections busy. Servers take turns; each row is the best round.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";

import { fixture, named, start } from "./server.mjs";

const SECONDS = Number(process.env.LOAD_SECONDS ?? 5);
const FORGED = Number(process.env.LOAD_FORGED ?? 1_000_000);
const ROUNDS = 3;
const { tokens, expired } = fixture;
const [one, fifty] = tokens;
const ROWS = [
  ["1 org", one.header, 200],
  ["50 orgs", fifty.header, 200],
  ["forged, 1 org", one.tampered, 401],
  ["forged, 50 orgs", fifty.tampered, 401],
  ["expired", expired, 401],
];

/** Resident memory in MB. */
const memory = ({ pid }) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

async function load({ port }, header, status, seconds) {
  const url = `http://127.0.0.1:${port}/whoami`;
  const { status: answered } = await fetch(url, { headers: { authorization: header } });
  if (answered !== status) throw new Error(`${answered} where ${status} was expected`);
  const options = ["--threads", "1", "--connections", "32", "--duration", `${seconds}s`, "--latency"];
  const { stdout } = await promisify(execFile)("wrk", [...options, "--header", `Authorization: ${header}`, url]);
  const refused = Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0);
  const requests = Number(/(\d+) requests in/.exec(stdout)[1]);
  if (/Socket errors/.test(stdout) || (status === 200 ? refused : requests - refused) !== 0) throw new Error(stdout);
  const latency = (percent) => new RegExp(`${percent}%\\s+(\\S+)`).exec(stdout)[1];
  return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)[1]), median: latency(50), tail: latency(99), requests };
}

const servers = [];
for (const [i, [name, binary]] of named.entries()) {
  servers.push({ name, ...(await start(binary, 4100 + i)) });
}
try {
  console.log(`| | ${servers.map(({ name }) => `${name}: requests/s, median, 99 %`).join(" | ")} | last = 1 |`);
  console.log(`|---|${"---|".repeat(servers.length)}---|`);
  for (const [row, header, status] of ROWS) {
    const best = servers.map(() => ({ rate: 0 }));
    for (let round = 0; round < ROUNDS; round++) {
      for (const [i, server] of servers.entries()) {
        const measured = await load(server, header, status, SECONDS);
        if (measured.rate > best[i].rate) best[i] = measured;
      }
    }
    const cells = best.map(({ rate, median, tail }) => `${Math.round(rate)}, ${median}, ${tail}`);
    console.log(`| ${row} | ${cells.join(" | ")} | ${(best[0].rate / best.at(-1).rate).toFixed(2)} |`);
  }
  console.log(`\n| MB of memory | before | after ${FORGED} forged tokens |\n|---|---|---|`);
  for (const server of servers) {
    const before = memory(server);
    for (let sent = 0; sent < FORGED; ) sent += (await load(server, one.tampered, 401, SECONDS)).requests;
    console.log(`| ${server.name} | ${before.toFixed(1)} | ${memory(server).toFixed(1)} |`);
  }
} finally {
  for (const server of servers) server.stop();
}
