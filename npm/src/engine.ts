import type { Refusal, UnauthorizedCode } from "./errors.js";
import { takePrepared, type PreparedVerifier } from "./prepared.js";
import type { OrgFields, OrgSource, UserFields } from "./user.js";

/** The exports of the WebAssembly module; see `engine/src/lib.rs`. */
interface Exports {
  memory: WebAssembly.Memory;
  input(): number;
  input_len(): number;
  output(): number;
  output_len(): number;
  buffer(): number;
  buffer_len(): number;
  orgs(): number;
  orgs_len(): number;
  verifier(): number;
  verifier_len(): number;
  verifier_checksum(): number;
  new_verifier(issuerLength: number, keyLength: number): number;
  with_additional_key(keyLength: number): number;
  with_additional_issuer(issuerLength: number): number;
  with_audience(audienceLength: number): number;
  with_max_token_len(length: number): void;
  with_leeway(seconds: number): void;
  validate_access_token(length: number, now: number): number;
  validate_access_token_and_get_user(length: number, now: number): number;
  org_by_id(length: number): number;
  org_by_name(length: number): number;
  all_orgs(): number;
  refusal(codeLength: number): number;
}

/**
 * A prepared key with the other settings of a verifier: bytes that only the engine understands.
 *
 * @internal
 */
export type State = Uint8Array;

/** @internal */
export interface Settings {
  issuer: string;
  verifierKey: string;
  additionalVerifierKey?: string | undefined;
  additionalIssuer?: string | undefined;
  audience?: string | undefined;
  maxTokenLength?: number | undefined;
  leewaySeconds?: number | undefined;
}

/** @internal */
export type Validation = "validate_access_token" | "validate_access_token_and_get_user";

/** @internal */
export type Verdict =
  | { isAccepted: true; user: UserFields; orgs: OrgSource | undefined }
  | { isAccepted: false; refusal: Refusal<UnauthorizedCode> };

/** The orgs of a user who may have many: a copy of the module's memory, which the next token overwrites. */
interface KeptOrgs {
  /** Bytes that only the engine understands. */
  orgs: Uint8Array;
  buffer: Uint8Array;
}

/** The engine's JSON of an org. */
type Org = [orgId: string, org: OrgFields];

/**
 * Runs the module. One engine serves all verifiers, since no two of them run at the same time.
 *
 * @internal
 */
export class Engine {
  readonly #module: WebAssembly.Module;
  /** Absent during a call, and after one that did not return. */
  #idle: Instance | undefined;

  constructor(module: WebAssembly.Module) {
    this.#module = module;
    this.#idle = new Instance(module);
  }

  /** @throws Error if a setting is invalid */
  prepare(settings: Settings, made?: PreparedVerifier): State {
    if (made !== undefined) {
      return this.#call((instance) => instance.take(made, settings, this.moduleId()));
    }
    const prepared = this.#call((instance) => instance.prepare(settings));
    if (typeof prepared === "string") throw new Error(prepared);
    return prepared;
  }

  /** Returns the id that the build wrote into the module. Modules that differ have different ids. */
  moduleId(): string {
    const [section] = WebAssembly.Module.customSections(this.#module, "propelauth-edge");
    return section === undefined ? "" : new TextDecoder().decode(section);
  }

  /** Returns the checksum of the verifier that was made last. */
  checksum(): number {
    return this.#call((instance) => instance.checksum());
  }

  validate(state: State, how: Validation, text: string, now: number): Verdict {
    const answer = this.#call((instance) => instance.validate(state, how, text, now));
    if ("refusal" in answer) return { isAccepted: false, refusal: answer.refusal };
    return { isAccepted: true, user: answer.user, orgs: answer.kept && this.#source(answer.kept) };
  }

  #source(kept: KeptOrgs): OrgSource {
    return {
      byId: (orgId) => this.#call((instance) => instance.findOrg(kept, "org_by_id", orgId)),
      byName: (orgName) => this.#call((instance) => instance.findOrg(kept, "org_by_name", orgName)),
      all: () => this.#call((instance) => instance.allOrgs(kept)),
    };
  }

  refusal<Code extends string>(code: Code): Refusal<Code> {
    return this.#call((instance) => instance.refusal(code));
  }

  /**
   * WebAssembly does not unwind: a trap or a stack overflow leaves the module's stack pointer where it was. An instance
   * that did not return is dropped, so such a failure costs one call and does not use up the stack.
   */
  #call<T>(run: (instance: Instance) => T): T {
    const instance = this.#idle ?? new Instance(this.#module);
    this.#idle = undefined;
    const result = run(instance);
    this.#idle = instance;
    return result;
  }
}

class Instance {
  readonly #exports: Exports;
  readonly #input: Uint8Array;
  readonly #output: Uint8Array;
  readonly #buffer: Uint8Array;
  readonly #orgs: Uint8Array;
  readonly #verifier: Uint8Array;
  /** The owner of the verifier in the module. */
  #loaded: State | undefined;
  readonly #encoder = new TextEncoder();
  readonly #decoder = new TextDecoder();

  constructor(module: WebAssembly.Module) {
    const exports = new WebAssembly.Instance(module).exports as unknown as Exports;
    this.#exports = exports;
    // The memory never grows, so these views stay valid.
    const { buffer } = exports.memory;
    this.#input = new Uint8Array(buffer, exports.input(), exports.input_len());
    this.#output = new Uint8Array(buffer, exports.output(), exports.output_len());
    this.#buffer = new Uint8Array(buffer, exports.buffer(), exports.buffer_len());
    this.#orgs = new Uint8Array(buffer, exports.orgs(), exports.orgs_len());
    this.#verifier = new Uint8Array(buffer, exports.verifier(), exports.verifier_len());
  }

  checksum(): number {
    return this.#exports.verifier_checksum();
  }

  take(made: PreparedVerifier, settings: Settings, moduleId: string): State {
    this.#loaded = undefined;
    const state = takePrepared(made, settings, moduleId, this.#verifier.length, (verifier) => {
      this.#verifier.set(verifier);
      return this.checksum();
    });
    return (this.#loaded = state);
  }

  /** Returns the text of an error instead, if there is one. */
  prepare(settings: Settings): State | string {
    this.#loaded = undefined;
    const { issuer, verifierKey, additionalVerifierKey, additionalIssuer, audience, maxTokenLength, leewaySeconds } =
      settings;
    const issuerLength = this.#write(issuer);
    const keyError = this.#exports.new_verifier(issuerLength, this.#write(verifierKey, issuerLength));
    if (keyError > 0) return this.#read(keyError) as string;
    if (additionalVerifierKey !== undefined) {
      const error = this.#exports.with_additional_key(this.#write(additionalVerifierKey));
      if (error > 0) return `additionalVerifierKey: ${this.#read(error)}`;
    }
    if (additionalIssuer !== undefined) {
      const error = this.#exports.with_additional_issuer(this.#write(additionalIssuer));
      if (error > 0) return `additionalIssuer: ${this.#read(error)}`;
    }
    if (audience !== undefined) {
      const error = this.#exports.with_audience(this.#write(audience));
      if (error > 0) return this.#read(error) as string;
    }
    if (maxTokenLength !== undefined) this.#exports.with_max_token_len(maxTokenLength);
    if (leewaySeconds !== undefined) this.#exports.with_leeway(leewaySeconds);
    return (this.#loaded = this.#verifier.slice());
  }

  validate(
    state: State,
    how: Validation,
    text: string,
    now: number,
  ): { user: UserFields; kept: KeptOrgs | undefined } | { refusal: Refusal<UnauthorizedCode> } {
    if (this.#loaded !== state) {
      this.#verifier.set(state);
      this.#loaded = state;
    }
    const length = this.#exports[how](this.#write(text), now);
    if (length <= 0) return { refusal: this.#read(-length) as Refusal<UnauthorizedCode> };
    const user = this.#read(length) as UserFields;
    return { user, kept: user.kept === undefined ? undefined : this.#keep(user.kept) };
  }

  /** Copies the orgs out of the memory. */
  #keep(length: number): KeptOrgs {
    const inBuffer = this.#buffer.subarray(0, length);
    const kept = { orgs: this.#orgs.slice(), buffer: inBuffer.slice() };
    inBuffer.fill(0);
    return kept;
  }

  findOrg(kept: KeptOrgs, how: "org_by_id" | "org_by_name", wanted: string): Org | undefined {
    const length = this.#write(wanted);
    const found = this.#askAboutOrgs(kept, () => this.#exports[how](length)) as Org | null;
    this.#input.fill(0, 0, length);
    return found ?? undefined;
  }

  allOrgs(kept: KeptOrgs): Org[] {
    return this.#askAboutOrgs(kept, () => this.#exports.all_orgs()) as Org[];
  }

  #askAboutOrgs({ orgs, buffer }: KeptOrgs, ask: () => number): unknown {
    this.#buffer.set(buffer);
    this.#orgs.set(orgs);
    const answer = this.#read(ask());
    this.#buffer.fill(0, 0, buffer.length);
    return answer;
  }

  refusal<Code extends string>(code: Code): Refusal<Code> {
    return this.#read(this.#exports.refusal(this.#write(code))) as Refusal<Code>;
  }

  /** Writes as much of the text as fits, which is more than the engine accepts. */
  #write(text: string, at = 0): number {
    return this.#encoder.encodeInto(text, this.#input.subarray(at)).written;
  }

  /** Reads the JSON in the output and clears it. */
  #read(length: number): unknown {
    // An error in this package must not look like an invalid token.
    if (length === 0) throw new Error("internal error of propelauth-edge: the engine gave no answer");
    const written = this.#output.subarray(0, length);
    const json = JSON.parse(this.#decoder.decode(written));
    written.fill(0);
    return json;
  }
}
