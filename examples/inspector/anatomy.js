// Shows the token as pasted, with colored segments and the position of an error marked.
import { byId, element } from "./dom.js";

/** The signs shown for white space. */
const SIGNS = { " ": "␣", "\t": "⇥", "\n": "↵", "\r": "↵" };
const SEGMENTS = ["header", "payload", "signature"];

/** `position` is the place of the error, if it has one. */
export function showToken(text, position) {
  const section = byId("anatomy");
  section.hidden = text === "";
  const box = byId("token-text");
  const place = position ? index(text, position.offset) : undefined;
  box.replaceChildren(...pieces(text).flatMap(([name, start, end]) => colour(text, name, start, end, place)));
  const mark = box.querySelector("mark");
  if (mark !== null) box.scrollTop = mark.offsetTop - box.clientHeight / 2;
}

/** Returns where a character begins in a string, in UTF-16 units. */
export function index(text, characters) {
  let at = 0;
  for (; characters > 0 && at < text.length; characters--) at += text.codePointAt(at) > 0xffff ? 2 : 1;
  return at;
}

/** Marks the character at this position, or nothing at the end. */
export function marked(text, place) {
  const character = text.slice(place, place + index(text.slice(place), 1));
  return element("mark", {}, SIGNS[character] ?? character);
}

/** Returns name, start and end of each part of the text. Dots, and a word before the token, have no name. */
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
  // An error at the end is marked after the last piece.
  const isLast = end === text.length;
  if (place === undefined || place < start || place > end || (place === end && !isLast)) {
    return start === end ? [] : [span(text.slice(start, end))];
  }
  const next = place === end ? end : index(text.slice(place), 1) + place;
  return [span(text.slice(start, place), marked(text, place), text.slice(next, end))];
}
