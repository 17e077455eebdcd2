// The page's behavior: it sends nothing, works by keyboard, and fits a phone.
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { after, test } from "node:test";
import { decompress } from "fzstd";

import { file, rows } from "../tokens.mjs";
import { close, give, onPage, shown, verdict } from "./page.mjs";

after(close);

test("nothing gets out, and no string becomes markup or a script", async (t) => {
  let bytes = 0;
  // For a navigation, the browser connects before it checks the policy; only sent data counts.
  const server = createServer((socket) => {
    socket
      .on("error", () => {})
      .on("data", (data) => {
        bytes += data.length;
        socket.destroy();
      });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = `127.0.0.1:${server.address().port}`;

  const attempts = {
    "connect-src": [
      (address) => fetch(`http://${address}/`).catch(() => {}),
      (address) => navigator.sendBeacon(`http://${address}/`, "token"),
      (address) => void new WebSocket(`ws://${address}/`),
      (address) => void new EventSource(`http://${address}/`),
      (address) => {
        const request = new XMLHttpRequest();
        request.open("GET", `http://${address}/`);
        request.send();
      },
    ],
    "img-src": [(address) => (new Image().src = `http://${address}/`)],
    "form-action": [
      (address) => {
        const form = Object.assign(document.createElement("form"), { action: `http://${address}/`, method: "post" });
        document.body.append(form);
        form.submit();
      },
    ],
    "frame-src": [
      (address) => document.body.append(Object.assign(document.createElement("iframe"), { src: `http://${address}/` })),
    ],
    "style-src-elem": [
      (address) =>
        document.head.append(
          Object.assign(document.createElement("link"), { rel: "stylesheet", href: `http://${address}/` }),
        ),
    ],
    "require-trusted-types-for": [
      () => {
        try {
          document.body.innerHTML = "<p>";
        } catch {}
      },
      (address) => {
        try {
          document.createElement("script").src = `http://${address}/`;
        } catch {}
      },
    ],
  };
  const isViolation = [/Content Security Policy|TrustedHTML|TrustedScriptURL|violates|ERR_BLOCKED_BY_CSP/];
  await onPage(
    async (page) => {
      await page.click("[data-example=accepted]");
      for (const [directive, ways] of Object.entries(attempts)) {
        for (const way of ways) {
          await page.evaluate(() => {
            globalThis.violated = undefined;
            addEventListener("securitypolicyviolation", (event) => (violated = event.effectiveDirective), {
              once: true,
            });
          });
          await page.evaluate(way, address);
          await page.waitForFunction(() => violated).catch(() => assert.fail(`not stopped: ${way}`));
          assert.equal(await page.evaluate(() => violated), directive, `${way}`);
        }
      }
      assert.equal(await verdict(page), "Accepted");
    },
    { console: isViolation },
  );
  assert.equal(bytes, 0);
});

test("the page keeps nothing", () =>
  onPage(async (page) => {
    const address = page.url();
    await page.click("[data-example=accepted]");
    assert.equal(await verdict(page), "Accepted");
    assert.equal(page.url(), address);
    assert.deepEqual(
      await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie, history.length]),
      [0, 0, "", 2],
    );
    await page.reload();
    assert.equal(await page.inputValue("#token"), "");
  }));

test("everything is reached by keyboard, in order, with a name and a visible focus", () =>
  onPage(async (page) => {
    const focused = () =>
      page.evaluate(() => {
        const element = document.activeElement;
        const outline = getComputedStyle(element);
        const name = element.ariaLabel ?? element.labels?.[0]?.innerText ?? element.innerText;
        return {
          id: element.id || element.dataset.example || element.ariaLabel,
          name,
          ring: `${outline.outlineStyle} ${outline.outlineWidth}`,
        };
      });
    await page.keyboard.press("Tab");
    assert.equal((await focused()).id, "accepted");
    await page.keyboard.press("Enter");
    assert.equal(await verdict(page), "Accepted");

    const order = [];
    for (let id; ;) {
      await page.keyboard.press("Tab");
      const { id: next, name, ring } = await focused();
      if (next === "accepted" || next === null || next === "") break;
      assert.ok(name?.trim(), next);
      assert.equal(ring, "solid 2px", next);
      // The parts of a date are separate tab stops.
      if (next !== id) order.push(next);
      id = next;
    }
    assert.deepEqual(order, [
      ...["expired", "tampered", "malformed", "clear", "token", "key", "issuer", "clock", "live", "leeway"],
      ...[
        "token-text",
        "ask-org",
        "ask-role",
        "ask-permission",
        "filter",
        "Table of orgs",
        "header-json",
        "claims-json",
      ],
    ]);

    await page.focus("#ask-org");
    await page.keyboard.type("Acme");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Member");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    await page.keyboard.type("billing::edit");
    assert.deepEqual(await page.locator("#answers strong").allInnerTexts(), ["Yes", "No", "Yes", "No"]);

    await page.focus("#leeway");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Space");
    assert.equal(await verdict(page), "Refused");
  }));

test("the verdict is a live region", () =>
  onPage(async (page) => {
    await page.click("[data-example=expired]");
    const status = page.getByRole("status").filter({ has: page.getByRole("heading", { name: "Refused" }) });
    assert.match(await status.innerText(), /expired/i);
    assert.equal(await status.getAttribute("aria-atomic"), "true");
    assert.match(
      await page.getByRole("img").getAttribute("aria-label"),
      /^Timeline: iat 2 hours ago, exp 1 hour 30 minutes ago$/,
    );
  }));

const BIG = rows("tokens", decompress).find(({ id }) => id === "payload_orgs/300_orgs_mixed");

for (const width of [360, 768, 1280]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`the page fits a screen of ${width} pixels, ${colorScheme}, and its text can be read`, () =>
      onPage(
        async (page) => {
          const states = {
            empty: () => {},
            accepted: () => page.click("[data-example=accepted]"),
            expired: () => page.click("[data-example=expired]"),
            malformed: () => page.click("[data-example=malformed]"),
            "300 orgs": async () => {
              await give(page, { token: BIG.token, key: file("keys/rsa2048.pem"), issuer: BIG.issuer, now: BIG.now });
              await page.fill("#ask-org", Object.keys(BIG.user.org_id_to_org_member_info)[0]);
              await page.fill("#ask-role", "a-role-of-a-name-that-is-long-enough-to-be-wider-than-a-phone");
            },
          };
          for (const [name, enter] of Object.entries(states)) {
            await enter();
            assert.deepEqual(await page.evaluate(tooWide), [], name);
            assert.deepEqual(await page.evaluate(tooFaint), [], name);
          }
          assert.ok((await shown(page, "answers")).answers.includes("wider-than-a-phone"));
        },
        { viewport: { width, height: 740 }, colorScheme },
      ));
  }
}

/** Finds elements that overflow the screen or their box. */
function tooWide() {
  const elements = [
    document.documentElement,
    ...document.querySelectorAll("body *:not(svg *, option, input, textarea)"),
  ];
  return elements
    .filter((element) => element.checkVisibility())
    .filter(
      (element) =>
        element.getBoundingClientRect().right > innerWidth ||
        (element.scrollWidth > Math.max(element.clientWidth, 1) && getComputedStyle(element).display !== "inline"),
    )
    .map((element) => `${element.tagName} ${element.id} ${element.className}`);
}

/** Finds text with less contrast to its background than WCAG 2.2 requires. */
function tooFaint() {
  const luminance = (color) => {
    const [red, green, blue] = color
      .match(/[\d.]+/g)
      .slice(0, 3)
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const background = (element) => {
    const color = getComputedStyle(element).backgroundColor;
    return color === "rgba(0, 0, 0, 0)" ? background(element.parentElement) : color;
  };
  return [...document.querySelectorAll("body *:not(svg *, option, script)")]
    .filter(
      (element) =>
        element.checkVisibility() && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
    )
    .map((element) => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(background(element))];
      return [element, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    })
    .filter(([, contrast]) => contrast < 4.5)
    .map(([element, contrast]) => `${element.tagName} ${element.id} ${element.className} ${contrast}`);
}
