// The crate as a WebAssembly module; see `src/lib.rs`. `MODULE` is its base64, which `build` puts in front: a page that
// may connect to nothing cannot fetch it.

const octets = Uint8Array.from(atob(MODULE), (character) => character.charCodeAt(0));
const { memory, reserve, answer, answer_len } = (await WebAssembly.instantiate(octets)).instance.exports;

/** Asks the module a question, of which the first member names the kind. */
export function ask(question) {
  const text = new TextEncoder().encode(JSON.stringify(question));
  // The memory may have grown, and then this is a new one.
  const input = reserve(text.length);
  new Uint8Array(memory.buffer, input, text.length).set(text);
  const output = answer();
  return JSON.parse(new TextDecoder().decode(new Uint8Array(memory.buffer, output, answer_len())));
}
