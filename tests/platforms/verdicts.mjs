// The tokens of the test data, and a server's expected answer to each.
import assert from "node:assert/strict";
import { file, rows } from "./tokens.mjs";

export const KEYS = JSON.parse(file("keys/keys.json"));
const KEY = new Map(KEYS.map((key) => [key.name, key]));

export const MALFORMED_HEADER = "Invalid authorization header. Expected: Bearer {accessToken}";

/** The challenge by the message of a 401. */
const CHALLENGES = {
  "No authorization header found": "Bearer",
  [MALFORMED_HEADER]: "Bearer",
  "Invalid access token": 'Bearer error="invalid_token"',
  "Invalid payload in token": 'Bearer error="invalid_token"',
};

/** Returns every row, with its key and its `Authorization` header. */
export const cases = (decompress) =>
  ["tokens", "json_testsuite"].flatMap((name) => rows(name, decompress)).map((row) => ({
    row,
    key: KEY.get(row.key),
    header: row.token === undefined ? row.authorization_header : `Bearer ${row.token}`,
  }));

/** Returns whether HTTP transmits the header unchanged. Runtimes also limit the length of all headers. */
export const travels = (header, longest = 60_000) =>
  /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(header) && header.length < longest;

/** Returns this many cases, spread over the test data, for a slow runtime. */
export function sample(decompress, count, longest) {
  const fit = cases(decompress).filter(
    ({ row, key, header }) => !row.either && !key.either && (header === null || travels(header, longest)),
  );
  return Array.from({ length: count }, (_, i) => fit[Math.floor((i * fit.length) / count)]);
}

/** Compares users by their JSON. The reference returns an absent list as null. */
function sameUser(got, expected) {
  for (const org of Object.values(expected.org_id_to_org_member_info ?? {})) {
    org.assigned_additional_roles ??= [];
  }
  assert.deepEqual(got, expected);
}

/** Checks the answer to a case. Returns the kind of the answer. */
export function check({ row, key }, { status, challenge, text }, internalError) {
  if (row.either || key.either) {
    assert.ok([200, 401, 500].includes(status));
    return "aside";
  }
  // The reference accepts an issuer that ends with a slash. PropelAuth issues no such token.
  if (key.expect === "refuse" || row.issuer === "" || row.issuer.endsWith("/")) {
    assert.deepEqual([status, challenge, text], [500, null, internalError]);
    return "unusable";
  }
  if (row.expect === "accept") {
    assert.deepEqual([status, challenge], [200, null]);
    if (row.user) sameUser(JSON.parse(text), row.user);
    return "accepted";
  }
  assert.equal(status, 401);
  assert.ok(text in CHALLENGES, text);
  assert.equal(challenge, CHALLENGES[text]);
  // In a header, a token with a space is not a token.
  if (row.token?.includes(" ")) assert.equal(text, MALFORMED_HEADER);
  else if (row.oracle === "unauthorized" && row.reason !== "duplicate_claim") assert.equal(text, row.oracle_message);
  return "unauthorized";
}

/** Checks the answers to all cases. Returns the number of answers of each kind. */
export async function checkAll(cases, ask, internalError) {
  const failures = [];
  const count = { accepted: 0, unauthorized: 0, unusable: 0, aside: 0 };
  for (const each of cases) {
    const answer = await ask(each);
    try {
      count[check(each, answer, internalError)]++;
    } catch (error) {
      failures.push(`${each.row.id}: ${error.message}`);
    }
  }
  assert.deepEqual(failures.slice(0, 10), [], `${failures.length} failures`);
  return count;
}
