// The crate as a WebAssembly module; see `src/lib.rs`. `build` prepends `MODULE`, its base64, as the page may not fetch
// it.

const bytes = Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0));
const { memory, reserve, answer, answer_len } = (await WebAssembly.instantiate(bytes)).instance.exports;

/** Asks the module a question. Its first member names its kind. */
export function ask(question) {
  const text = new TextEncoder().encode(JSON.stringify(question));
  // The memory may have grown and been replaced.
  const input = reserve(text.length);
  new Uint8Array(memory.buffer, input, text.length).set(text);
  const output = answer();
  return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, output, answer_len())));
}
