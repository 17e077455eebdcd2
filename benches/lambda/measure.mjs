// Measures size, and time from the start of the process to the first answer: `node measure.mjs api=PATH peer=PATH`.
// This script is the runtime API and answers at once, so that only the function is measured. On a busy machine, go by
// the processor time, which is that of the process up to its answer.
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { processorTime } from "../processor-time.mjs";
import { ISSUER, bearer, file } from "../../tests/platforms/tokens.mjs";

const ROUNDS = 40;
const SETTINGS = { PROPELAUTH_ISSUER: ISSUER, PROPELAUTH_VERIFIER_KEY: file("keys/rsa2048.pem") };
const event = JSON.parse(readFileSync(new URL("event.json", import.meta.url), "utf8"));
event.headers.authorization = bearer(3600);

/** Returns milliseconds until the function asked for work and until it answered, and its processor time. */
function first(binary) {
  return new Promise((done, fail) => {
    let started, asked;
    const server = createServer((request, response) => {
      if (request.method === "GET" && asked) return; // nothing more to do: it waits
      if (request.method === "GET") {
        asked = performance.now() - started;
        const headers = { "lambda-runtime-aws-request-id": "1", "lambda-runtime-deadline-ms": String(Date.now() + 60_000) };
        headers["lambda-runtime-invoked-function-arn"] = "arn:aws:lambda:us-east-1:123456789012:function:api";
        return response.writeHead(200, headers).end(JSON.stringify(event));
      }
      let body = "";
      request.on("data", (piece) => (body += piece)).on("end", () => {
        const answered = performance.now() - started;
        const processor = processorTime(function_.pid);
        response.writeHead(202).end();
        function_.kill();
        server.close();
        server.closeAllConnections();
        JSON.parse(body).statusCode === 200 ? done([asked, answered, processor]) : fail(new Error(body));
      });
    });
    let function_;
    server.listen(0, "127.0.0.1", () => {
      const env = { ...SETTINGS, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}`, AWS_LAMBDA_FUNCTION_NAME: "api" };
      Object.assign(env, { AWS_LAMBDA_FUNCTION_VERSION: "1", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128" });
      started = performance.now();
      function_ = spawn(binary, [], { env, stdio: "inherit" });
    });
  });
}

const functions = process.argv.slice(2).map((argument) => argument.split("="));
const fastest = new Map(functions.map(([name]) => [name, [Infinity, Infinity, Infinity]]));
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, binary] of functions) {
    const times = await first(binary);
    fastest.set(name, fastest.get(name).map((time, i) => Math.min(time, times[i])));
  }
}
console.log("function | bytes, stripped | ready, ms | first answer, ms | processor time, ms");
for (const [name, binary] of functions) {
  console.log([name, statSync(binary).size, ...fastest.get(name).map((time) => time.toFixed(2))].join(" | "));
}
