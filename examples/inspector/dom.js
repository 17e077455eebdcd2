// Creates elements from text. No string is parsed as markup, which the page's policy (`require-trusted-types-for`)
// forbids.

export const byId = (id) => document.getElementById(id);

/** Creates an element with attributes, and with elements or text as children. */
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
  // A live region announces every assignment, even of equal text.
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
  node.hidden = !text;
}

/** Like `say`, for text with code in backticks. */
export function explain(node, text) {
  node.replaceChildren(...(text ?? "").split("`").map((part, odd) => (odd % 2 ? element("code", {}, part) : part)));
  node.hidden = !text;
}

/** Fills a list of terms and descriptions, leaving out terms without a description. */
export function describe(list, entries) {
  list.replaceChildren(
    ...entries
      .filter(([, description]) => description !== null && description !== undefined && description !== "")
      .map(([term, description]) => element("div", {}, element("dt", {}, term), element("dd", {}, description))),
  );
}
