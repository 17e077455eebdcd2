import type { Settings, State } from "./engine.js";

/**
 * The output of the command `propelauth-edge-prepare`: a verifier that needs no preparation at startup. It contains no
 * secret, and works with one version of this package only.
 */
export interface PreparedVerifier {
  /** The settings that it was made from. */
  settings: { issuer: string; verifierKey: string };
  /**
   * The verifiers by the id of a WebAssembly module of this package. Each is a checksum, followed by the offset and the
   * base64 of every run of bytes between zeros.
   */
  verifiers: { [moduleId: string]: string };
}

/** @internal */
export function prepared(verifier: Uint8Array, checksum: number, moduleId: string): string {
  let binary = "";
  for (const byte of verifier) binary += String.fromCharCode(byte);
  const runs = binary.matchAll(/[^\0](?:\0{0,15}[^\0])*/g);
  return [tag(checksum, moduleId), ...Array.from(runs, (run) => `${run.index}.${btoa(run[0])}`)].join(".");
}

/**
 * Returns the verifier for this module and these settings. Fails if it was made for others.
 *
 * @internal
 */
export function takePrepared(
  from: PreparedVerifier,
  settings: Settings,
  moduleId: string,
  length: number,
  checksum: (verifier: Uint8Array) => number,
): State {
  const { verifierKey, issuer, ...others } = settings;
  const made = from.settings;
  if (!isSameKey(made?.verifierKey, verifierKey) || made.issuer !== issuer) {
    throw new Error("prepared: made from another verifierKey or issuer; run propelauth-edge-prepare again");
  }
  if (Object.values(others).some((setting) => setting !== undefined)) {
    throw new Error("prepared: allows no other settings than verifierKey and issuer");
  }
  const text = Object.hasOwn(from.verifiers ?? {}, moduleId) ? from.verifiers[moduleId] : undefined;
  if (typeof text !== "string") {
    throw new Error("prepared: made by another version of this package; run propelauth-edge-prepare again");
  }
  const [sum, ...runs] = text.split(".");
  const verifier = new Uint8Array(length);
  try {
    for (let i = 0; i < runs.length; i += 2) verifier.set(decoded(runs[i + 1]!), Number(runs[i]));
    if (tag(checksum(verifier), moduleId) === sum) return verifier;
  } catch {}
  throw new Error("prepared: it was changed or damaged; run propelauth-edge-prepare again");
}

/** Compares keys without white space, which settings often change. */
function isSameKey(made: unknown, given: string): boolean {
  const withoutSpace = (key: string) => key.replace(/\s/g, "");
  return typeof made === "string" && (made === given || withoutSpace(made) === withoutSpace(given));
}

function decoded(base64: string): Uint8Array {
  // Faster than the loop below, which a first request runs in the interpreter.
  if (Bytes.fromBase64 !== undefined) return Bytes.fromBase64(base64);
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** Has `fromBase64` as of ES2026. */
const Bytes = Uint8Array as typeof Uint8Array & { fromBase64?: (base64: string) => Uint8Array };

/**
 * Joins the module's id to the checksum. The engine computes the checksum: a first request would run a loop in JavaScript
 * in the interpreter, which takes longer than the rest of this file. It detects accidental damage only: anyone who can
 * write the file can replace the key.
 */
function tag(checksum: number, moduleId: string): string {
  return ((checksum ^ Number.parseInt(moduleId.slice(0, 8), 16)) >>> 0).toString(16);
}
