// The code of a page.

/** Returns the blocks of a page in order, each with the line above it and the file that this line names. */
export function blocks(text) {
  const found = [];
  const lines = text.split("\n");
  let above = [];
  for (let at = 0; at < lines.length; at++) {
    const fence = lines[at].match(/^```(\S*)/);
    if (!fence) {
      if (lines[at].trim()) above = [...above.slice(-1), lines[at]];
      continue;
    }
    const end = lines.indexOf("```", at + 1);
    const last = above.findLast((line) => !line.startsWith("<!--")) ?? "";
    found.push({
      line: at + 1,
      language: fence[1],
      text: `${lines.slice(at + 1, end).join("\n")}\n`,
      test: above.at(-1)?.match(/^<!-- test: (.*) -->$/)?.[1],
      above: last,
      file: last.match(/`([\w./[\]-]+)`[^`]*:$/)?.[1],
    });
    above = [];
    at = end;
  }
  return found;
}
