/** What the WebAssembly module exports; see `src/lib.rs`. */
interface Exports {
  memory: WebAssembly.Memory;
  input(): number;
  input_len(): number;
  output(): number;
  verifier(): number;
  verifier_len(): number;
  new_verifier(issuerLength: number, keyLength: number): number;
  with_additional_key(keyLength: number): number;
  with_leeway(seconds: number): void;
  validate_access_token(length: number, now: number): number;
  validate_access_token_and_get_user(length: number, now: number): number;
}

/** A key, prepared, with the issuer and the leeway: octets that mean something to the engine alone. */
export type State = Uint8Array;

export type Validation = "validate_access_token" | "validate_access_token_and_get_user";

/** The module at work. One serves all verifiers, as no two of them run at a time. */
export class Engine {
  readonly #exports: Exports;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  /** The verifier that the module holds, and whose it is. */
  readonly #verifier: Uint8Array;
  #loaded: State | undefined;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(module: WebAssembly.Module) {
    const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#exports = exports;
    // The memory never grows, so that these stay.
    const { buffer } = exports.memory;
    this.#input = new Uint8Array(buffer, exports.input(), exports.input_len());
    this.#output = new Uint8Array(buffer, exports.output());
    this.#verifier = new Uint8Array(buffer, exports.verifier(), exports.verifier_len());
  }

  prepare(issuer: string, key: string, additionalKey: string | undefined, leewaySeconds: number | undefined): State {
    this.#loaded = undefined;
    const issuerLength = this.#write(issuer);
    this.#check(this.#exports.new_verifier(issuerLength, this.#write(key, issuerLength)));
    if (additionalKey !== undefined) {
      this.#check(this.#exports.with_additional_key(this.#write(additionalKey)), "additionalVerifierKey: ");
    }
    if (leewaySeconds !== undefined) this.#exports.with_leeway(leewaySeconds);
    return this.#verifier.slice();
  }

  /** What the engine has to say, and whether it is a user; otherwise it is a refusal. */
  validate(state: State, how: Validation, text: string, now: number): { isUser: boolean; json: unknown } {
    if (this.#loaded !== state) {
      this.#verifier.set(state);
      this.#loaded = state;
    }
    const length = this.#exports[how](this.#write(text), now);
    return { isUser: length > 0, json: this.#read(Math.abs(length)) };
  }

  /** Writes as much of the text as there is room for, which is more than the engine takes. */
  #write(text: string, at = 0): number {
    return this.#encoder.encodeInto(text, this.#input.subarray(at)).written;
  }

  #read(length: number): unknown {
    return JSON.parse(this.#decoder.decode(this.#output.subarray(0, length)));
  }

  #check(length: number, prefix = ""): void {
    if (length > 0) throw new Error(`${prefix}${this.#read(length)}`);
  }
}
