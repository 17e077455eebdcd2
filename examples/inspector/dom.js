// Elements from text. Nothing here makes markup of a string, and the page's policy (`require-trusted-types-for`) would
// not let it.

export const byId = (id) => document.getElementById(id);

/** An element with attributes, and children that are elements or text. */
export const element = (name, attributes = {}, ...children) => fill(document.createElement(name), attributes, children);

export const shape = (name, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** Shows the text, or hides the element if there is none. */
export function say(node, text) {
  // A live region speaks when its text is set, even to what it was.
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
  node.hidden = !text;
}

/** The same for a text in which code stands between backticks. */
export function explain(node, text) {
  node.replaceChildren(...(text ?? "").split("`").map((part, odd) => (odd % 2 ? element("code", {}, part) : part)));
  node.hidden = !text;
}

/** Fills a list of terms and descriptions. What has no description is left out. */
export function describe(list, entries) {
  list.replaceChildren(
    ...entries
      .filter(([, description]) => description !== null && description !== undefined && description !== "")
      .map(([term, description]) => element("div", {}, element("dt", {}, term), element("dd", {}, description))),
  );
}
