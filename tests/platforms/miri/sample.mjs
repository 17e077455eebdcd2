// Samples the rows of a corpus for Miri, in which RSA with the usual exponent takes minutes. Tokens with a valid
// signature are signed again under a key with exponent 3; others are kept if their signature need not be computed.
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const every = Number(process.argv[2]);
const key = (name) => readFileSync(new URL(`../../data/keys/${name}.pem`, import.meta.url));
const publicKey = createPublicKey(key("rsa2048"));
const privateKey = createPrivateKey(key("private/rsa2048_e3"));

const rows = readFileSync(0, "utf8").trim().split("\n").filter((line) => line.length < 4096).map((line) => JSON.parse(line));
const fit = rows.filter((row) => {
  if (row.either || !row.token) return false;
  const end = row.token.lastIndexOf(".");
  const [input, signature] = [row.token.slice(0, end), Buffer.from(row.token.slice(end + 1), "base64url")];
  if (row.key === "rsa2048" && verify("sha256", input, publicKey, signature)) {
    row.token = `${input}.${sign("sha256", input, privateKey).toString("base64url")}`;
    row.key = "rsa2048_e3";
  }
  return row.key === "rsa2048_e3" || (row.key === "rsa2048" && signature.length !== 256);
});
for (const [i, row] of fit.entries()) if (i % every === 0) console.log(JSON.stringify(row));
