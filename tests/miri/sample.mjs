// Of the rows of a corpus, every so many, for Miri, in which RSA with the usual exponent takes minutes: tokens with a good
// signature are signed anew under a key with the exponent 3, and others stay if their signature need not be calculated.
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const every = Number(process.argv[2]);
const key = (name) => readFileSync(new URL(`../data/keys/${name}.pem`, import.meta.url));
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
