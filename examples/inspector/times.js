// Shows a token's times as a picture and as a list.
import { byId, describe, element, shape } from "./dom.js";

const NAMES = { issued_at: "iat", not_before: "nbf", expires_at: "exp" };
const UNITS = [
  ["year", 31_536_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** Formats as `2026-01-01 00:00:00`, or as seconds outside the range of dates. */
export function date(seconds) {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? `${seconds}` : time.toISOString().slice(0, -5).replace("T", " ");
}

/** Formats as `in 29 minutes` or `3 hours 5 minutes ago`. */
export function distance(seconds) {
  return seconds === 0 ? "now" : seconds > 0 ? `in ${duration(seconds)}` : `${duration(-seconds)} ago`;
}

/** Formats the two largest units. */
function duration(seconds) {
  const first = Math.max(
    0,
    UNITS.findIndex(([, length]) => seconds >= length),
  );
  let rest = seconds;
  const parts = UNITS.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.trunc(rest / length);
    rest -= count * length;
    return count === 0 ? "" : `${count} ${unit}${count === 1 ? "" : "s"}`;
  });
  return parts.filter(Boolean).join(" ");
}

export function showTimes({ times, now, leeway, signature }) {
  const events = Object.entries(NAMES)
    .filter(([name]) => times[name] !== null)
    .map(([name, label]) => ({ label, at: times[name] }));
  byId("timeline").hidden = events.length === 0;
  byId("timeline").querySelector(".unverified").hidden = signature === "good";
  if (events.length === 0) return;
  describe(
    byId("times"),
    [...events, { label: "now", at: now }].map(({ label, at }) => [
      label,
      element(
        "span",
        {},
        `${date(at)} `,
        element("small", {}, label === "now" ? `± ${leeway} s of leeway` : distance(at - now)),
      ),
    ]),
  );
  const draw = () => byId("picture").replaceChildren(picture(byId("picture").clientWidth, events, times, now, leeway));
  draw();
  watcher.disconnect();
  watcher = new ResizeObserver(draw);
  watcher.observe(byId("picture"));
}

let watcher = new ResizeObserver(() => {});

const AXIS = { top: 46, height: 22 };
const BOTTOM = AXIS.top + AXIS.height;

function picture(width, events, times, now, leeway) {
  const begins = [times.issued_at, times.not_before].filter((time) => time !== null);
  const begin = begins.length > 0 ? Math.max(...begins) : null;
  const end = times.expires_at;
  const { x, isBroken } = scale(
    width,
    events.map(({ at }) => at),
    now,
    leeway,
  );

  const parts = [shape("line", { class: "axis", x1: 0, x2: width, y1: BOTTOM, y2: BOTTOM })];
  const bar = (name, from, to) => {
    const [left, right] = [x(from), x(to)];
    if (right > left)
      parts.push(shape("rect", { class: name, x: left, y: AXIS.top, width: right - left, height: AXIS.height }));
  };
  const [from, to] = [begin ?? -Infinity, end ?? Infinity];
  if (begin !== null) bar("leeway", begin - leeway, begin);
  if (from < to) bar("valid", from, to);
  if (end !== null) bar("leeway", end, end + leeway);
  if (begin !== null && end !== null && x(end) - x(begin) > 160) {
    const middle = { x: (x(begin) + x(end)) / 2, y: AXIS.top + 15, "text-anchor": "middle" };
    parts.push(shape("text", { class: "length", ...middle }, duration(end - begin)));
  }
  if (isBroken) parts.push(gap((x(now) + (now < x.low ? x(x.low) : x(x.high))) / 2));

  const placed = labels(
    width,
    merged(events).map(({ label, at }) => ({ at, text: `${label} ${timeOfDay(at)}`, x: x(at) })),
  );
  for (const { text, x: at, anchor, row } of placed) {
    const y = BOTTOM + 20 + row * 18;
    parts.push(
      shape("line", { class: "tick", x1: at, x2: at, y1: AXIS.top - 4, y2: y - 12 }),
      shape("text", { x: at, y, "text-anchor": anchor }, text),
    );
  }
  const [today] = labels(width, [{ text: `now ${timeOfDay(now)}`, x: x(now) }]);
  const isGood = now >= from - leeway && now <= to + leeway;
  parts.push(
    shape("line", { class: isGood ? "now good" : "now bad", x1: today.x, x2: today.x, y1: 24, y2: BOTTOM + 4 }),
    shape("circle", { class: isGood ? "now good" : "now bad", cx: today.x, cy: 24, r: 4 }),
    shape("text", { class: "now", x: today.x, y: 12, "text-anchor": today.anchor }, today.text),
  );

  const height = BOTTOM + 28 + 18 * Math.max(...placed.map(({ row }) => row));
  const said = events.map(({ label, at }) => `${label} ${distance(at - now)}`).join(", ");
  const hatch = shape(
    "pattern",
    { id: "hatch", width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    shape("rect", { width: 6, height: 6 }),
    shape("line", { x1: 0, x2: 0, y1: 0, y2: 6 }),
  );
  return shape(
    "svg",
    { role: "img", "aria-label": `Timeline: ${said}`, width, height, viewBox: `0 0 ${width} ${height}` },
    shape("defs", {}, hatch),
    ...parts,
  );
}

/** Converts a time to a position. If the current time is far from the token's times, it is at the edge, after a gap. */
function scale(width, times, now, leeway) {
  const low = Math.min(...times) - leeway;
  const high = Math.max(...times) + leeway;
  const span = Math.max(high - low, 60);
  const isBroken = now < low - span || now > high + span;
  const room = isBroken ? span / 3 : span / 8;
  const left = (isBroken ? low : Math.min(low, now)) - room;
  const right = (isBroken ? high : Math.max(high, now)) + room;
  const margin = 6;
  const x = (time) => {
    const share = (time - left) / (right - left);
    return margin + Math.min(1, Math.max(0, share)) * (width - 2 * margin);
  };
  return { x: Object.assign(x, { low, high }), isBroken };
}

/** Draws two strokes across the axis, where a time span is left out. */
function gap(x) {
  const stroke = (at) => shape("line", { class: "break", x1: at - 3, x2: at + 3, y1: BOTTOM + 7, y2: BOTTOM - 7 });
  return shape("g", {}, stroke(x - 3), stroke(x + 3));
}

const timeOfDay = (seconds) => date(seconds).split(" ").at(-1);

/** Puts events with equal times under one label. */
function merged(events) {
  const byTime = Map.groupBy(events, ({ at }) => at);
  return [...byTime]
    .map(([at, group]) => ({ at, label: group.map(({ label }) => label).join(", ") }))
    .sort((a, b) => a.at - b.at);
}

/** Assigns each label an anchor that keeps it inside and a row without overlaps. */
function labels(width, list) {
  const ends = [];
  return list.map((label) => {
    const length = label.text.length * 7.5;
    const anchor = label.x < length / 2 ? "start" : label.x > width - length / 2 ? "end" : "middle";
    const left = label.x - { start: 0, middle: length / 2, end: length }[anchor];
    let row = ends.findIndex((end) => end < left);
    if (row < 0) row = ends.length;
    ends[row] = left + length + 8;
    return { ...label, anchor, row };
  });
}
