// The token as it was pasted, its segments coloured, and the place where it breaks marked.
import { byId, element } from "./dom.js";

/** Characters that would not be seen. */
const SIGNS = { " ": "␣", "\t": "⇥", "\n": "↵", "\r": "↵" };
const SEGMENTS = ["header", "payload", "signature"];

/** `position` is where the token breaks, if it does at some place. */
export function showToken(text, position) {
  const section = byId("anatomy");
  section.hidden = text === "";
  const box = byId("token-text");
  const place = position ? index(text, position.offset) : undefined;
  box.replaceChildren(...pieces(text).flatMap(([name, start, end]) => colour(text, name, start, end, place)));
  const mark = box.querySelector("mark");
  if (mark !== null) box.scrollTop = mark.offsetTop - box.clientHeight / 2;
}

/** Where the character of this number begins in a string, which counts in units of UTF-16. */
export function index(text, characters) {
  let at = 0;
  for (; characters > 0 && at < text.length; characters--) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** The character at this place, marked; nothing at the end. */
export function marked(text, place) {
  const character = text.slice(place, place + index(text.slice(place), 1));
  return element("mark", {}, SIGNS[character] ?? character);
}

/** Names, starts and ends of what the text consists of. The dots, and a word in front of the token, have no name. */
function pieces(text) {
  const before = text.match(/^\s*(?:authorization:\s*)?(?:bearer\s+)?/i)[0].length;
  const found = [["", 0, before]];
  let start = before;
  for (const [number, segment] of text.slice(before).split(".").entries()) {
    if (number > 0) found.push(["", start - 1, start]);
    found.push([SEGMENTS[number] ?? "", start, start + segment.length]);
    start += segment.length + 1;
  }
  return found;
}

function colour(text, name, start, end, place) {
  const span = (...children) => element("span", { class: name }, ...children);
  // What breaks off at the end is marked behind the last piece.
  const isLast = end === text.length;
  if (place === undefined || place < start || place > end || (place === end && !isLast)) {
    return start === end ? [] : [span(text.slice(start, end))];
  }
  const next = place === end ? end : index(text.slice(place), 1) + place;
  return [span(text.slice(start, place), marked(text, place), text.slice(next, end))];
}
