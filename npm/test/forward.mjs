// Forwards questions from standard input and returns the answers, many at a time.
import { createInterface } from "node:readline";

const MOST_CHARACTERS = 1 << 20;

/** `ask` takes lines and promises an equal number of lines. */
export async function forward(ask) {
  let questions = [];
  let length = 0;
  const flush = async () => {
    if (questions.length === 0) return;
    process.stdout.write(`${await ask(questions.join("\n"))}\n`);
    questions = [];
    length = 0;
  };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    questions.push(line);
    length += line.length;
    if (length > MOST_CHARACTERS) await flush();
  }
  await flush();
}
