/** A module of one function, which does `f64x2.relaxed_madd`. */
const PROBE = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // magic number, version
  ...[1, 4, 1, 0x60, 0, 0], // a type: from nothing to nothing
  ...[3, 2, 1, 0], // a function of this type
  ...[10, 16, 1, 14, 1, 1, 0x7b], // its code, with a local vector
  ...[0x20, 0, 0x20, 0, 0x20, 0, 0xfd, 0x87, 2, 0x1a, 0x0b], // three times the local, the operation, drop, end
);

/** Bun has relaxed SIMD, too, but takes 1.4 times as long with it: 154 µs for a token where the plain module takes 110. */
export function isFasterRelaxed(): boolean {
  return WebAssembly.validate(PROBE) && !("Bun" in globalThis);
}
