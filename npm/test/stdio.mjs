// Node, Deno and Bun: reads questions and writes answers, line by line.
import { createInterface } from "node:readline";

import * as propelauth from "propelauth-edge";

import { answerer } from "./answers.mjs";

const answer = answerer(propelauth);
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
