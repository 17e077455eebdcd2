// Writes each TypeScript example of a Markdown file to a file of its own: `snippets.mjs README.md folder`.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const [markdown, folder] = process.argv.slice(2);
const snippets = [...readFileSync(markdown, "utf8").matchAll(/^```ts\n(.*?)^```$/gms)];
if (!snippets.length) throw new Error(`no example in ${markdown}`);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
snippets.forEach(([, code], i) => writeFileSync(`${folder}/${i + 1}.ts`, code));
