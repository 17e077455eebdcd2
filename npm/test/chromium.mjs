// Headless Chromium: a page that imports the package without a bundler.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname } from "node:path";

import { chromium } from "playwright-core";

import { forward } from "./forward.mjs";

const TYPES = { ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm" };
const PAGE = `<!doctype html>
<script type="importmap">{ "imports": { "propelauth-edge": "/node_modules/propelauth-edge/dist/default.js" } }</script>
<script type="module">
  import * as propelauth from "propelauth-edge";
  import { answerer } from "/answers.mjs";
  const answer = answerer(propelauth);
  globalThis.answers = (lines) => lines.split("\\n").map((line) => JSON.stringify(answer(JSON.parse(line)))).join("\\n");
</script>`;

const server = createServer(async ({ url }, response) => {
  if (url === "/") return response.setHeader("content-type", "text/html").end(PAGE);
  const type = TYPES[extname(url)];
  if (type === undefined) return response.writeHead(404).end();
  response.setHeader("content-type", type).end(await readFile(new URL(`.${url}`, import.meta.url)));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ],
});
const page = await browser.newPage();
page.on("pageerror", (error) => {
  throw error;
});
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await page.waitForFunction(() => "answers" in globalThis);
await forward((questions) => page.evaluate((lines) => globalThis.answers(lines), questions));
await browser.close();
server.close();
