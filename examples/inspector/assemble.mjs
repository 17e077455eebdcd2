// Assembles the page into one file, with a policy that runs only its own parts and forbids all connections.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [module, page] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** Emits a module after its imports, each once, in one scope, where a duplicate name is an error. */
function bundle(name, seen = new Set()) {
  if (seen.has(name)) return "";
  seen.add(name);
  return read(name)
    .replace(/^import .* from "\.\/(.*)";\n/gm, (_, imported) => bundle(imported, seen))
    .replace(/^export /gm, "");
}

const script = `const MODULE = "${readFileSync(module, "base64")}";\n${bundle("main.js")}`;
const styles = ["style.css", "report.css"].map(read);
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  "connect-src 'none'",
  `script-src ${hash(script)} 'wasm-unsafe-eval'`,
  `style-src ${styles.map(hash).join(" ")}`,
  // The icon is embedded in the page.
  "img-src data:",
  "form-action 'none'",
  "base-uri 'none'",
  // Strings cannot become markup or scripts.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

let html = read("index.html");
for (const [place, part] of [
  ['content=""', `content="${policy}"`],
  ['<link rel="stylesheet" href="style.css">', `<style>${styles[0]}</style>`],
  ['<link rel="stylesheet" href="report.css">', `<style>${styles[1]}</style>`],
  ['<script type="module" src="main.js"></script>', `<script type="module">${script}</script>`],
]) {
  if (!html.includes(place)) throw new Error(`index.html lacks ${place}`);
  html = html.replace(place, () => part);
}
writeFileSync(page, html);
console.log(`${page}: ${Buffer.byteLength(html)} bytes`);
