// One file of the page's parts, and the policy that lets nothing but these parts run and nothing out.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const [module, page] = process.argv.slice(2);
const read = (name) => readFileSync(new URL(name, import.meta.url), "utf8");

/** A module behind those that it imports, each once, all in one scope, in which a name given twice is an error. */
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
  // The icon, which is in the page.
  "img-src data:",
  "form-action 'none'",
  "base-uri 'none'",
  // No string becomes markup or a script.
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
console.log(`${page}: ${Buffer.byteLength(html)} octets`);
