// Draws the README's pictures from RESULTS.md, for light and dark pages: `node benches/picture.mjs`. With `--check`, it
// only compares.
import { readFileSync, writeFileSync } from "node:fs";

const file = (name) => new URL(name, import.meta.url);
const results = readFileSync(file("RESULTS.md"), "utf8");

/** Returns a function from a row's name to its figure, in the first table below the heading that has this column. */
function column(heading, title) {
  const section = results.split(/^## /m).find((text) => text.startsWith(heading));
  if (!section) throw new Error(`RESULTS.md has no section "${heading}"`);
  const lines = section.split("\n").map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const head = lines.findIndex((cells) => cells.includes(title));
  if (head < 0) throw new Error(`no table below "${heading}" has a column "${title}"`);
  const at = lines[head].indexOf(title);
  const rows = new Map();
  for (const cells of lines.slice(head + 2)) {
    if (cells.length === 0) break;
    rows.set(cells[0].replaceAll("**", ""), cells[at]);
  }
  return (name) => {
    const value = Number.parseFloat(rows.get(name)?.replaceAll("**", ""));
    if (!(value > 0)) throw new Error(`"${heading}", "${title}": no figure for "${name}"`);
    return value;
  };
}

const native = column("Header to user", "1 org");
const workerd = column("WebAssembly", "workerd, 1 org");
const brotli = column("WebAssembly", "brotli");
const ours = (label, value) => ({ label, value, ours: true });
const peer = (label, value) => ({ label, value });

const panels = [
  {
    title: "Native",
    unit: "µs, Authorization header to user",
    bars: [
      ours("propelauth-edge", native("propelauth-edge")),
      peer("jsonwebtoken, aws-lc", native("jsonwebtoken, aws_lc_rs")),
      peer("propelauth", native("propelauth")),
      peer("jsonwebtoken, pure Rust", native("jsonwebtoken, rust_crypto")),
      peer("jwt-simple, pure Rust", native("jwt-simple, pure-rust")),
    ],
  },
  {
    title: "Cloudflare Workers (workerd)",
    unit: "µs, Authorization header to user",
    bars: [
      ours("propelauth-edge, Rust", workerd("propelauth-edge, relaxed SIMD")),
      ours("propelauth-edge, npm", workerd("npm package, user as a JavaScript object")),
      peer("jose", workerd("jose")),
      peer("cloudflare-worker-jwt", workerd("@tsndr/cloudflare-worker-jwt")),
      peer("rsa and serde_json", workerd("rsa, base64ct and serde_json in wasm, plain")),
    ],
  },
  {
    title: "WebAssembly module",
    unit: "KB after brotli",
    bars: [
      ours("propelauth-edge", brotli("plain") / 1000),
      ours("with relaxed SIMD", brotli("relaxed SIMD") / 1000),
      ours("npm, relaxed SIMD", brotli("npm package, relaxed SIMD") / 1000),
      peer("rsa and serde_json", brotli("rsa, base64ct and serde_json") / 1000),
    ],
  },
];

const WIDTH = 880;
const LABELS = 190; // the labels end here, the bars begin
const BAR = 16;
const ROW = 26;
const FONT = `font-family="-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"`;
const THEMES = {
  light: { text: "#1f2328", muted: "#59636e", ours: "#1a7f37", peer: "#afb8c1" },
  dark: { text: "#f0f6fc", muted: "#9198a1", ours: "#3fb950", peer: "#57606a" },
};

const rounded = (value) => (value < 100 ? value.toFixed(1).replace(/\.0$/, "") : value.toFixed(0));

function draw(theme) {
  const parts = [];
  const text = (x, y, what, { size = 13, fill = theme.text, anchor = "start", weight = 400 } = {}) =>
    parts.push(
      `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" fill="${fill}" text-anchor="${anchor}">${what}</text>`,
    );
  let y = 4;
  for (const { title, unit, bars } of panels) {
    y += 18;
    text(LABELS, y, title, { size: 15, weight: 600 });
    text(WIDTH - 8, y, unit, { fill: theme.muted, size: 12, anchor: "end" });
    y += 12;
    const scale = (WIDTH - LABELS - 70) / Math.max(...bars.map(({ value }) => value));
    for (const bar of bars) {
      const length = Math.max(2, bar.value * scale).toFixed(1);
      const weight = bar.ours ? 600 : 400;
      text(LABELS - 12, y + 13, bar.label, { anchor: "end", weight });
      parts.push(
        `<rect x="${LABELS}" y="${y}" width="${length}" height="${BAR}" rx="3" fill="${bar.ours ? theme.ours : theme.peer}"/>`,
      );
      text(LABELS + Number(length) + 8, y + 13, rounded(bar.value), { weight });
      y += ROW;
    }
    y += 14;
  }
  const label = panels.map(({ title, unit, bars }) =>
    `${title}, ${unit}: ${bars.map((bar) => `${bar.label} ${rounded(bar.value)}`).join(", ")}`).join(". ");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" ${FONT} role="img">`,
    `<title>${label}.</title>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

for (const [name, theme] of Object.entries(THEMES)) {
  const picture = file(`picture-${name}.svg`);
  if (!process.argv.includes("--check")) writeFileSync(picture, draw(theme));
  else if (readFileSync(picture, "utf8") !== draw(theme)) {
    throw new Error(`picture-${name}.svg is out of date: run node benches/picture.mjs`);
  }
}
