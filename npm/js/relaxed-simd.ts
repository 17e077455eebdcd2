/** A module of one function, which does `f64x2.relaxed_madd`. */
const PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
  ...[1, 4, 1, 0x60, 0, 0], // a type: from nothing to nothing
  ...[3, 2, 1, 0], // a function of this type
  ...[10, 16, 1, 14, 1, 1, 0x7b], // its code, with a local vector
  ...[0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x87, 2, 0x1a, 0x0b], // three times the local, the operation, drop, end
);

/** The file of the module that suits this machine. */
export function moduleFile(): "relaxed.wasm" | "plain.wasm" {
  return WebAssembly.validate(PROBE) ? "relaxed.wasm" : "plain.wasm";
}
