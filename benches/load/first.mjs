// Measures size, and processor time from the start of a server to its first answer: `node first.mjs FIXTURE NAME=PATH ...`.
// Servers take turns; the least of all starts counts.
import { once } from "node:events";
import { statSync } from "node:fs";

import { processorTime } from "../processor-time.mjs";
import { fixture, named, start } from "./server.mjs";

const ROUNDS = 40;
const [{ header }] = fixture.tokens;

async function first(binary, port) {
  const server = await start(binary, port, 2);
  const { status } = await fetch(`http://127.0.0.1:${port}/whoami`, { headers: { authorization: header } });
  if (status !== 200) throw new Error(`${binary}: ${status}`);
  const time = processorTime(server.pid);
  const exited = once(server.process, "exit");
  server.stop();
  await exited;
  return time;
}

const least = named.map(() => Infinity);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, [, binary]] of named.entries()) least[i] = Math.min(least[i], await first(binary, 4200 + i));
}
console.log("| server | bytes, stripped | processor time to the first answer, ms |\n|---|---|---|");
for (const [i, [name, binary]] of named.entries()) {
  console.log(`| ${name} | ${statSync(binary).size} | ${least[i].toFixed(2)} |`);
}
