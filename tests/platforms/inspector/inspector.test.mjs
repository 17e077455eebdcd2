// The page's verdicts on tokens and keys.
import assert from "node:assert/strict";
import { createHash, createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { decompress } from "fzstd";

import { ISSUER, ORG, USER, bearer, file, forge, rows } from "../tokens.mjs";
import { close, give, onPage, shown, verdict } from "./page.mjs";

after(close);

const KEY = file("keys/rsa2048.pem");
const TOKENS = rows("tokens", decompress);
const good = () => ({ token: bearer(), key: KEY, issuer: ISSUER });
const encode = (text) => Buffer.from(text).toString("base64url");

test("a good token is accepted by this machine's clock, and everything in it is shown", () =>
  onPage(async (page) => {
    await give(page, good());
    assert.equal(await verdict(page), "Accepted");
    const said = await shown(
      page,
      "reason",
      "explanation",
      "remedy",
      "break",
      "user",
      "timeline",
      "rows",
      "content",
      "key-report",
    );
    assert.match(said.reason, /^ada@example.com, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
    assert.match(said.explanation, /expires in (4 minutes 5\d seconds|5 minutes)\.$/);
    assert.equal(said.remedy, undefined);
    assert.equal(said.break, undefined);
    assert.match(said.user, new RegExp(USER));
    assert.match(said.rows, new RegExp(`Acme\\s+${ORG}\\s+Member\\s+billing::view`));
    assert.match(said.timeline, /iat[^]*5 minutes[^]*exp[^]*now/);
    assert.match(said.content, /"alg": "RS256"[^]*"user_id"/);
    assert.doesNotMatch(said.content + said.timeline, /Not verified/);
    const spki = createPublicKey(KEY).export({ type: "spki", format: "der" });
    const fingerprint = createHash("sha256").update(spki).digest("base64");
    assert.match(said["key-report"], /2048 bits[^]*65537/);
    assert.ok(said["key-report"].includes(`SHA256:${fingerprint}`));

    const segments = await page
      .locator("#token-text span")
      .evaluateAll((spans) => spans.map((span) => [span.className, span.innerText]));
    const [header, payload, signature] = (await page.inputValue("#token")).split(" ")[1].split(".");
    assert.deepEqual(
      segments.filter(([name]) => name !== ""),
      [
        ["header", header],
        ["payload", payload],
        ["signature", signature],
      ],
    );
  }));

/** Changes to a valid token, key and issuer; the page's reason; the marked text. */
const now = Math.floor(Date.now() / 1000);
const REFUSALS = {
  expired: [{ token: bearer(-3600) }, /expired/i],
  "not yet valid": [{ token: bearer(7200, undefined, { nbf: now + 3600 }) }, /not yet valid/i],
  "issued in the future": [{ token: bearer(7200, undefined, { iat: now + 3600 }) }, /not yet valid/i],
  "of another issuer": [{ issuer: `${ISSUER}.au` }, /another issuer/i],
  "with an issuer of no token": [{ issuer: `${ISSUER}/` }, /ends in a slash/i],
  "of another key": [{ key: file("keys/rsa2048_b.pem") }, /invalid signature/i],
  tampered: [{ token: forge(bearer()) }, /invalid signature/i],
  "of another algorithm": [{ token: `${encode('{"alg":"HS256"}')}.e30.AAAA` }, /algorithm/i],
  "of two segments": [{ token: "eyJhbGciOiJSUzI1NiJ9.e30" }, /malformed/i, ""],
  "of a stray character": [{ token: bearer().replace(".", "*.") }, /malformed/i, "*"],
  "of two lines": [{ token: `${bearer().slice(0, -9)}\nAAAA` }, /malformed/i, "↵"],
  padded: [{ token: `${bearer()}==` }, /malformed/i, "="],
  "of a header that is no JSON": [{ token: `${encode('{"alg":RS256}')}.e30.AAAA` }, /malformed/i, null],
  "of no user": [{ token: bearer(300, undefined, { user_id: undefined }) }, /missing claim `user_id`/i],
  "with no key": [{ key: "" }, /key is empty/i],
  "with no issuer": [{ issuer: "" }, /issuer is empty/i],
};

for (const [name, [changes, reason, marked]] of Object.entries(REFUSALS)) {
  test(`a token ${name} is refused`, () =>
    onPage(async (page) => {
      await give(page, { ...good(), ...changes });
      assert.equal(await verdict(page), "Refused");
      const said = await shown(page, "reason", "explanation", "remedy", "user", "orgs");
      assert.match(said.reason, reason);
      assert.ok(said.explanation.length > 20 && said.remedy.length > 10, JSON.stringify(said));
      assert.deepEqual([said.user, said.orgs], [undefined, undefined]);
      if (marked === undefined) return;
      for (const box of ["#token-text", "#break"]) {
        const mark = await page.locator(`${box} mark`).textContent();
        if (marked !== null) assert.equal(mark, marked, box);
      }
    }));
}

/** The text given as the key, and the page's name for it. */
const KEYS = {
  "private_key_pkcs8.pem": /private key/i,
  "private_key_pkcs1.pem": /private key/i,
  "certificate.pem": /certificate/i,
  "jwk.json": /JSON Web Key/i,
  "ssh_rsa.txt": /OpenSSH/i,
  "rsa1024.pem": /1024 bits/i,
};

for (const [name, called] of Object.entries(KEYS)) {
  test(`${name} is no verifier key, and the page says what it is`, () =>
    onPage(async (page) => {
      await give(page, { ...good(), key: file(`keys/${name}`) });
      assert.equal(await verdict(page), "Refused");
      const said = await shown(page, "explanation", "remedy", "key-report");
      assert.match(said["key-report"], called);
      assert.match(said["key-report"], /refused/);
      assert.ok(said.explanation.length > 20 && said.remedy.length > 10, JSON.stringify(said));
    }));
}

test("a key without a token is looked at", () =>
  onPage(async (page) => {
    await give(page, { key: file("keys/rsa4096.pem") });
    assert.equal(await verdict(page), "Nothing to verify yet");
    assert.match((await shown(page, "key-report"))["key-report"], /accepted[^]*4096 bits/);
    await give(page, { key: file("keys/certificate.pem") });
    assert.equal(await verdict(page), "Key refused");
    assert.match((await shown(page, "explanation")).explanation, /certificate/);
  }));

test("a key in quotation marks is accepted, and the page says what it is", () =>
  onPage(async (page) => {
    await give(page, { ...good(), key: file("keys/pem_quoted.pem") });
    assert.equal(await verdict(page), "Accepted");
    assert.match((await shown(page, "key-report"))["key-report"], /quot/i);
  }));

test("a key in another form comes with the same in the right one", () =>
  onPage(async (page) => {
    await give(page, { ...good(), key: file("keys/jwk.json") });
    const { instead } = await shown(page, "instead");
    assert.equal(instead.trim(), KEY.trim());
    await give(page, { key: instead });
    assert.equal(await verdict(page), "Accepted");
    assert.equal((await shown(page, "instead")).instead, undefined);
  }));

test("a key is marked in the line in which it breaks", () =>
  onPage(async (page) => {
    await give(page, { ...good(), key: file("keys/pem_bad_character.pem") });
    assert.match((await shown(page, "break")).break, /^line 3, after 102 characters\n[^]*\S$/i);
    assert.equal(await page.locator("#break mark").textContent(), "!");
    assert.equal(await page.locator("#token-text mark").count(), 0);
  }));

test("JSON that breaks is shown decoded, an encoding that breaks is not", () =>
  onPage(async (page) => {
    const decoded = page.locator("#break p");
    await give(page, { ...good(), token: `${encode('{"alg":RS256}')}.e30.AAAA` });
    assert.equal(await decoded.innerText(), 'Decoded: {"alg":RS256}');
    assert.equal(await page.locator("#token-text .header mark").count(), 1);
    for (const character of ["\n", "*"]) {
      await give(page, { token: bearer().replace(".", `${character}.`) });
      assert.equal(await page.locator("#token-text .header mark").count(), 1);
      assert.ok(await decoded.isHidden());
    }
  }));

test("one token of the corpus for each reason gets the verdict of the corpus", () =>
  onPage(async (page) => {
    const one = new Map(TOKENS.filter(({ either, token }) => !either && token).map((row) => [row.reason, row]));
    assert.ok(one.size > 35);
    for (const [reason, { token, issuer, key, now, expect }] of one) {
      await give(page, { token: `Bearer ${token}`, key: file(`keys/${key}.pem`), issuer, now });
      assert.equal(await verdict(page), expect === "accept" ? "Accepted" : "Refused", reason);
    }
  }));

test("claims of a token that is not verified are shown as such", () =>
  onPage(async (page) => {
    await give(page, { ...good(), token: forge(bearer()) });
    const said = await shown(page, "content", "timeline");
    assert.match(said.content, /Not verified[^]*"user_id"/);
    assert.match(said.timeline, /Not verified/);
  }));

test("text from a token is text", () =>
  onPage(async (page) => {
    const markup = '<img src=x onerror="alert(1)"><b>';
    await give(page, { ...good(), token: bearer(300, undefined, { email: markup, properties: { [markup]: markup } }) });
    assert.equal(await verdict(page), "Accepted");
    const said = await shown(page, "reason", "user", "content");
    assert.ok(
      Object.values(said).every((text) => text.includes("<img")),
      JSON.stringify(said),
    );
    assert.equal(await page.locator("img, b").count(), 0);
    await give(page, { token: markup });
    assert.ok((await shown(page, "anatomy")).anatomy.includes(markup));
    assert.equal(await page.locator("img, b").count(), 0);
  }));

test("the verdict follows clock and leeway", () =>
  onPage(async (page) => {
    await page.click("[data-example=accepted]");
    const [issued, expiry] = [1_767_225_600, 1_767_227_400];
    const cases = [
      [issued - 61, 60, "Refused"],
      [issued - 60, 60, "Accepted"],
      [issued - 60, 59, "Refused"],
      [expiry + 59, 60, "Accepted"],
      [expiry + 61, 60, "Refused"],
      [expiry + 61, 300, "Accepted"],
      [expiry + 1, 0, "Refused"],
    ];
    for (const [now, leeway, expected] of cases) {
      await give(page, { now, leeway });
      assert.equal(await verdict(page), expected, `${now} ${leeway}`);
      assert.equal(await page.locator("#picture svg line.now.good").count(), expected === "Accepted" ? 1 : 0);
    }
    await page.check("#live");
    assert.equal(await verdict(page), "Refused");
  }));

test("an accepted token is refused by itself when its time has come", () => {
  const row = TOKENS.find(({ id }) => id === "payload_orgs/no_org_claim");
  const prepare = (page) => page.clock.install({ time: row.now * 1000 });
  return onPage(
    async (page) => {
      await give(page, { token: row.token, key: KEY, issuer: row.issuer });
      assert.equal(await verdict(page), "Accepted");
      await page.clock.fastForward(1740_000);
      assert.equal(await verdict(page), "Accepted");
      await page.clock.fastForward(120_000);
      assert.equal(await verdict(page), "Refused");
    },
    { prepare },
  );
});

test("each example is what it says", () =>
  onPage(async (page) => {
    const said = [];
    for (const name of ["accepted", "expired", "tampered", "malformed"]) {
      await page.click(`[data-example=${name}]`);
      const { reason, "verdict-word": word } = await shown(page, "reason", "verdict-word");
      said.push(`${word}: ${reason}`);
    }
    assert.match(
      said.join("\n"),
      /^Accepted: ada@[^\n]*\nRefused: expired[^\n]*\nRefused: invalid signature\nRefused: malformed[^\n]*$/i,
    );
    await page.click("#clear");
    assert.equal(await verdict(page), "Nothing to verify yet");
    assert.equal((await page.inputValue("#token")) + (await page.inputValue("#key")), "");
    assert.ok(await page.isChecked("#live"));
    assert.equal(await page.locator(".report > section:not(#verdict):visible").count(), 0);
  }));

test("300 orgs can be filtered and asked about", () =>
  onPage(async (page) => {
    const row = TOKENS.find(({ id }) => id === "payload_orgs/300_orgs_mixed");
    await give(page, { token: row.token, key: KEY, issuer: row.issuer, now: row.now });
    assert.equal(await verdict(page), "Accepted");
    const orgs = Object.values(row.user.org_id_to_org_member_info);
    assert.equal(orgs.length, 300);
    const visible = page.locator("#rows tr:visible");
    assert.equal(await visible.count(), 300);

    const [one] = orgs.slice(-1);
    await page.fill("#filter", one.org_id.toUpperCase());
    assert.deepEqual(await visible.locator("th").allInnerTexts(), [`${one.org_name}\n${one.org_id}`]);
    assert.equal((await shown(page, "count")).count, "1 of 300");
    await page.fill("#filter", "billing::view");
    assert.equal(await visible.count(), orgs.filter((org) => org.user_permissions.includes("billing::view")).length);
    await page.fill("#filter", "");

    const answers = async (org, role, permission) => {
      await page.fill("#ask-org", org);
      await page.fill("#ask-role", role);
      await page.fill("#ask-permission", permission);
      return (await page.locator("#answers strong").allInnerTexts()).join(" ");
    };
    const roles = [
      ...new Set(orgs.flatMap((org) => [org.user_assigned_role, ...org.user_inherited_roles_plus_current_role])),
    ];
    const word = (is) => (is ? "Yes" : "No");
    for (const org of orgs.slice(0, 10)) {
      for (const role of roles) {
        const isMulti = org.org_role_structure === "multi_role";
        const is = org.user_assigned_role === role || (isMulti && org.assigned_additional_roles.includes(role));
        const isAtLeast = isMulti ? is : org.user_inherited_roles_plus_current_role.includes(role);
        const has = org.user_permissions.includes("billing::view");
        const expected = `Yes ${word(is)} ${word(isAtLeast)} ${word(has)}`;
        assert.equal(await answers(org.org_id, role, "billing::view"), expected, `${org.org_id} ${role}`);
      }
    }
    assert.equal(await answers(one.org_name, one.user_assigned_role, ""), "Yes Yes Yes");
    assert.match((await shown(page, "answers")).answers, new RegExp(`is_role_in_org\\("${one.org_id}", "`));
    assert.equal(await answers("nowhere", "Owner", "billing::view"), "No No No No");
    assert.match((await shown(page, "answers")).answers, /User is not a member of org/);
    await give(page, { token: `${row.token}A` });
    assert.deepEqual(await shown(page, "orgs", "answers"), { orgs: undefined, answers: undefined });
  }));
