// Reads the form and shows the report.
import { index, marked, showToken } from "./anatomy.js";
import { byId, describe, element, explain, say } from "./dom.js";
import { ask } from "./engine.js";
import { showOrgs } from "./orgs.js";
import { date, distance, showTimes } from "./times.js";

const [token, key, issuer, clock, live, leeway] = ["token", "key", "issuer", "clock", "live", "leeway"].map(byId);
const WELCOME = { word: byId("verdict-word").textContent, reason: byId("reason").textContent };
const MOST_SECONDS = 0xffff_ffff;

const setClock = (seconds) => (clock.valueAsNumber = seconds * 1000);

/** Hides the report while it belongs to another input. */
function refresh() {
  const report = document.querySelector(".report");
  try {
    show();
    report.hidden = false;
  } catch (error) {
    report.hidden = true;
    throw error;
  }
}

/** Asks the crate and shows the report. */
function show() {
  if (live.checked) setClock(Math.floor(Date.now() / 1000));
  const report = ask({
    inspect: {
      token: token.value.toWellFormed(),
      key: key.value.toWellFormed(),
      issuer: issuer.value.toWellFormed(),
      now: Math.max(0, Math.floor((clock.valueAsNumber || 0) / 1000)),
      leeway: Math.min(Math.max(0, Math.floor(leeway.valueAsNumber || 0)), MOST_SECONDS),
    },
  });
  // Without a valid key, the refusal is about the key.
  const isOfKey = report.key?.verdict === "refused";
  const refusal = token.value === "" ? report.key?.refusal : report.refusal;
  showVerdict(report, refusal);
  showBreak(refusal?.position, isOfKey ? key.value : token.value);
  showToken(token.value, isOfKey ? null : refusal?.position);
  showTimes(report);
  showUser(report.user);
  showOrgs(report.user);
  showContent(report);
  showKey(report.key);
  wakeUp(report);
}

function showVerdict({ user, times, now }, refusal) {
  const isKeyAlone = token.value === "";
  byId("verdict").className = user ? "accepted" : refusal ? "refused" : "idle";
  say(byId("verdict-word"), user ? "Accepted" : !refusal ? WELCOME.word : isKeyAlone ? "Key refused" : "Refused");
  if (user) {
    say(byId("reason"), `${user.email ?? user.user_id}, until ${date(times.expires_at)} UTC`);
    const rest = times.expires_at - now;
    const expiry = rest < 0 ? `expired ${distance(rest)}, within the leeway` : `expires ${distance(rest)}`;
    explain(
      byId("explanation"),
      `The key made the signature, the issuer is as expected, and the token ${expiry}.`,
    );
  } else {
    say(byId("reason"), refusal?.reason ?? WELCOME.reason);
    explain(byId("explanation"), refusal?.explanation);
  }
  // A key in another format comes with its remedy: the key in the right one.
  const [remedy, ...lines] = refusal?.remedy.split("\n") ?? [];
  explain(byId("remedy"), remedy);
  say(byId("instead"), lines.join("\n"));
}

/** Shows the text around the error. */
function showBreak(position, text) {
  byId("break").hidden = !position;
  if (!position) return;
  const [caption, excerpt, decoded] = byId("break").children;
  const place = [
    position.line === null ? null : `line ${position.line}`,
    position.segment === null ? null : `in the ${position.segment}`,
    `after ${position.offset} characters`,
  ];
  say(caption, place.filter(Boolean).join(", "));
  const at = index(text, position.offset);
  const next = at + index(text.slice(at), 1);
  // The excerpt is of the decoded JSON, unless the encoding itself is malformed.
  decoded.hidden = !/[\w-]/.test(text.slice(at, next)) || text.includes(position.excerpt);
  decoded.lastElementChild.textContent = position.excerpt;
  excerpt.replaceChildren(text.slice(Math.max(0, at - 24), at), marked(text, at), text.slice(next, next + 24));
}

function showUser(user) {
  byId("user").hidden = user === null;
  if (user === null) return;
  const { login_method, provider, org_id } = user.login_method;
  describe(byId("user-facts"), [
    ["Id", user.user_id],
    ["Email", user.email],
    ["Name", [user.first_name, user.last_name].filter(Boolean).join(" ")],
    ["Username", user.username],
    ["Legacy id", user.legacy_user_id],
    ["Impersonated by", user.impersonator_user_id],
    ["Logged in by", [login_method, provider, org_id].filter(Boolean).join(", ")],
    ["Active org", user.active_org_id],
    ["Properties", user.properties && JSON.stringify(user.properties, null, 2)],
  ]);
}

function showContent({ header_text, claims_text, signature }) {
  byId("content").hidden = header_text === null && claims_text === null;
  byId("content").querySelector(".unverified").hidden = signature === "good";
  say(byId("header-json"), header_text);
  say(byId("claims-json"), claims_text);
}

const FORMS = {
  public_key_pem: "public key, PEM",
  rsa_public_key_pem: "RSA public key, PEM",
  other_pem: "PEM of something else",
  jwk: "JSON Web Key",
  jwks: "set of JSON Web Keys",
  json: "JSON",
  quoted: "text in quotation marks",
  ssh: "OpenSSH key",
};

function showKey(report) {
  byId("key-report").hidden = report === null;
  if (report === null) return;
  describe(byId("key-facts"), [
    ["Verdict", report.verdict],
    ["Format", FORMS[report.form] ?? report.form.replaceAll("_", " ")],
    ["Modulus", report.modulus_bits && `${report.modulus_bits} bits`],
    ["Exponent", report.exponent],
    ["Fingerprint", report.fingerprint && element("code", {}, report.fingerprint)],
  ]);
}

/** With this machine's clock, refreshes the report at the second that may change the verdict. */
function wakeUp({ times, now, leeway }) {
  clearTimeout(timer);
  if (!live.checked) return;
  const { issued_at, not_before, expires_at } = times;
  const next = [issued_at - leeway, not_before - leeway, expires_at + leeway]
    .map((time) => time + 1 - now)
    .filter((wait) => wait > 0);
  // Browsers cannot wait longer than 24 days; one day is enough.
  if (next.length > 0) timer = setTimeout(refresh, Math.min(...next, 86_400) * 1000);
}
let timer;

/** The examples: the changed token, and the seconds from its issue to the clock. */
const EXAMPLES = {
  accepted: (token) => [token, 60],
  expired: (token) => [token, 7200],
  tampered: (token) => [token.replace(/.{9}$/, (end) => (end[0] === "A" ? "B" : "A") + end.slice(1)), 60],
  malformed: (token) => [`${token.slice(0, -300)}\n${token.slice(-300)}`, 60],
};

function showExample(name) {
  const example = ask({ example: null });
  const [text, seconds] = EXAMPLES[name](example.token);
  token.value = text;
  key.value = example.key;
  issuer.value = example.issuer;
  leeway.value = "60";
  live.checked = false;
  setClock(example.issued_at + seconds);
  refresh();
}

for (const button of document.querySelectorAll("[data-example]")) {
  button.addEventListener("click", () => showExample(button.dataset.example));
}
byId("clear").addEventListener("click", () => {
  for (const field of [token, key, issuer]) field.value = "";
  leeway.value = "60";
  live.checked = true;
  refresh();
  token.focus();
});
for (const field of [token, key, issuer, live, leeway]) field.addEventListener("input", refresh);
clock.addEventListener("input", () => {
  live.checked = false;
  refresh();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && live.checked) refresh();
});
refresh();
