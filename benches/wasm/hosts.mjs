// The hosts of candidates: this process, and a workerd. Both have `names` and `batch`. `batch` takes the index of a
// token, "header" or "tampered", and a number of calls, and returns how often the answer was yes, and the milliseconds.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Verifier } from "propelauth-edge";
import workerd from "workerd";

import { batch, candidates } from "./candidates.mjs";
import { nodePeers } from "./node-peers.mjs";

export const fixture = JSON.parse(await readFile(new URL("built/fixture.json", import.meta.url)));

const compiled = async (name) => WebAssembly.compile(await readFile(new URL(`built/${name}.wasm`, import.meta.url)));

export class Node {
  static async start() {
    const node = new Node();
    const modules = {
      edgePlain: await compiled("edge-plain"),
      edgeRelaxed: await compiled("edge-relaxed"),
      rsaPlain: await compiled("rsa-plain"),
      rsaRelaxed: await compiled("rsa-relaxed"),
    };
    node.candidates = { ...(await candidates(modules, Verifier, fixture)), ...nodePeers(fixture) };
    node.names = Object.keys(node.candidates);
    return node;
  }

  async batch(name, token, kind, calls) {
    const start = performance.now();
    const { org, [kind]: header } = fixture.tokens[token];
    const good = await batch(this.candidates[name], header, org, calls);
    return { good, ms: performance.now() - start };
  }

  stop() {}
}

/** Workers are timed from outside, since their clocks do not advance; the time of an empty batch is subtracted. */
export class Workerd {
  #agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  #emptyMs = Infinity;

  static async start() {
    const host = new Workerd();
    const config = fileURLToPath(new URL("workerd.capnp", import.meta.url));
    const args = ["serve", config, "--socket-addr=http=127.0.0.1:0", "--control-fd=3"];
    host.process = spawn(workerd.default, args, { stdio: ["ignore", "inherit", "inherit", "pipe"] });
    const [line] = await once(createInterface(host.process.stdio[3]), "line");
    host.port = JSON.parse(line).port;
    host.names = await host.#get("");
    return host;
  }

  async batch(name, token, kind, calls) {
    const empty = await this.#timed(name, token, kind, 0);
    this.#emptyMs = Math.min(this.#emptyMs, empty.ms);
    const { good, ms } = await this.#timed(name, token, kind, calls);
    return { good, ms: ms - this.#emptyMs };
  }

  async #timed(name, token, kind, calls) {
    const query = new URLSearchParams({ name, token, kind, calls });
    const start = performance.now();
    const good = await this.#get(query);
    return { good, ms: performance.now() - start };
  }

  #get(query) {
    return new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port: this.port, path: `/?${query}`, agent: this.#agent };
      const onResponse = async (response) => {
        let body = "";
        for await (const chunk of response) body += chunk;
        if (response.statusCode === 200) resolve(JSON.parse(body));
        else reject(new Error(`${query}: ${response.statusCode} ${body}`));
      };
      http.get(options, onResponse).on("error", reject);
    });
  }

  stop() {
    this.#agent.destroy();
    this.process.kill();
  }
}
