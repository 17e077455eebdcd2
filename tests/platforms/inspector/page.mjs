// The page in headless Chromium, opened from disk.
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const PAGE = new URL("../../../examples/inspector/inspector.html", import.meta.url).href;

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ],
});
export const close = () => browser.close();

/** Runs a test on a new page. Nothing else may be loaded, and the console must stay empty. */
export async function onPage(test, { prepare = () => {}, console: expected = [], ...options } = {}) {
  const context = await browser.newContext({ locale: "en-GB", timezoneId: "Asia/Tokyo", ...options });
  context.setDefaultTimeout(60_000); // for a busy machine
  const page = await context.newPage();
  const requests = [];
  const messages = [];
  page.on("request", (request) => requests.push(request));
  page.on("console", (message) => messages.push(message.text()));
  page.on("pageerror", (error) => messages.push(`${error}`));
  try {
    await prepare(page);
    await page.goto(PAGE);
    await test(page);
  } finally {
    await context.close();
  }
  const sent = requests.filter((request) => request.failure()?.errorText !== "csp").map((request) => request.url());
  assert.deepEqual([...new Set(sent)], [PAGE]);
  assert.deepEqual(
    messages.filter((message) => !expected.some((pattern) => pattern.test(message))),
    [],
  );
}

/** Fills in the given fields; `now` is in seconds. */
export async function give(page, { token, key, issuer, now, leeway }) {
  const fields = { key, issuer, leeway, clock: now && new Date(now * 1000).toISOString().slice(0, 19), token };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) await page.fill(`#${name}`, `${value}`);
  }
}

/** Returns the visible text of the elements with these ids, `undefined` if hidden. */
export const shown = (page, ...ids) =>
  page.evaluate(
    (ids) =>
      Object.fromEntries(
        ids.map((id) => {
          const element = document.getElementById(id);
          return [id, element.checkVisibility() ? element.innerText : undefined];
        }),
      ),
    ids,
  );

export const verdict = async (page) => (await shown(page, "verdict-word"))["verdict-word"];
