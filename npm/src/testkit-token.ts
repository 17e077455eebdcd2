import { Buffer } from "node:buffer";
import { createHmac, createPrivateKey, sign, type KeyObject } from "node:crypto";

import type { UnauthorizedCode } from "./errors.js";
import { otherPrivateKey } from "./testkit-keys.js";
import type { TestOrg } from "./testkit-org.js";
import type { LoginMethod } from "./user.js";

const UNAUTHORIZED = {
  Expired: "Expired",
  NotYetValid: "NotYetValid",
  WrongIssuer: "WrongIssuer",
  MissingUserId: "MissingClaim",
  WrongKey: "InvalidSignature",
  Tampered: "InvalidSignature",
  Truncated: "MalformedToken",
  AlgorithmNone: "MalformedToken",
  AlgorithmHs256: "UnsupportedAlgorithm",
} as const satisfies { [fault: string]: UnauthorizedCode };

/** A fault of a token. */
export type Fault = keyof typeof UNAUTHORIZED;

export const Fault = {
  /** All faults, for testing your handlers with each. */
  ALL: Object.keys(UNAUTHORIZED) as readonly Fault[],

  /** Returns the `code` of the error that a verifier throws. */
  unauthorized(fault: Fault): UnauthorizedCode {
    return UNAUTHORIZED[fault];
  },
};

/** The end of the year 9999. */
const END_OF_TIME = new Date(253_402_300_799_000);

/**
 * The issuer, and the keys that sign and verify its tokens.
 *
 * @internal
 */
export interface Signer {
  issuer: string;
  verifierKey: string;
  privateKey: KeyObject;
}

/** A token for any user, valid at any time by default. Methods that set or remove something return a changed copy. */
export class TestToken {
  readonly #signer: Signer;
  readonly #claims: ReadonlyMap<string, unknown>;
  readonly #orgs: readonly TestOrg[];
  readonly #fault: Fault | undefined;

  /** @internal */
  constructor(
    signer: Signer,
    claims: ReadonlyMap<string, unknown>,
    orgs: readonly TestOrg[],
    fault: Fault | undefined,
  ) {
    this.#signer = signer;
    this.#claims = claims;
    this.#orgs = orgs;
    this.#fault = fault;
  }

  /** @internal */
  static of(signer: Signer, userId: string): TestToken {
    return new TestToken(signer, new Map(), [], undefined)
      .claim("iss", signer.issuer)
      .claim("user_id", userId)
      .claim("sub", userId)
      .issuedAt(new Date(0))
      .expiresAt(END_OF_TIME);
  }

  email(email: string): TestToken {
    return this.claim("email", email);
  }

  firstName(firstName: string): TestToken {
    return this.claim("first_name", firstName);
  }

  lastName(lastName: string): TestToken {
    return this.claim("last_name", lastName);
  }

  username(username: string): TestToken {
    return this.claim("username", username);
  }

  legacyUserId(legacyUserId: string): TestToken {
    return this.claim("legacy_user_id", legacyUserId);
  }

  impersonatorUserId(impersonatorUserId: string): TestToken {
    return this.claim("impersonator_user_id", impersonatorUserId);
  }

  /** Sets one of the user's properties. */
  property(name: string, value: unknown): TestToken {
    const properties = (this.#claims.get("properties") ?? {}) as { [name: string]: unknown };
    return this.claim("properties", { ...properties, [name]: value });
  }

  loginMethod(method: LoginMethod): TestToken {
    const { loginMethod, provider, orgId } = method as { loginMethod: string; provider?: string; orgId?: string };
    return this.claim("login_method", { login_method: loginMethod, provider, org_id: orgId });
  }

  /** Adds an org that the user is a member of, or replaces the one with its id. */
  org(org: TestOrg): TestToken {
    const others = this.#orgs.filter((other) => other.orgId !== org.orgId);
    return new TestToken(this.#signer, this.#claims, [...others, org], this.#fault);
  }

  /** Sets the active org. The verified user then has this org only. */
  activeOrg(org: TestOrg): TestToken {
    return this.claim("org_member_info", org);
  }

  issuedAt(time: Date): TestToken {
    return this.claim("iat", seconds(time));
  }

  notBefore(time: Date): TestToken {
    return this.claim("nbf", seconds(time));
  }

  expiresAt(time: Date): TestToken {
    return this.claim("exp", seconds(time));
  }

  /** Sets any claim to any JSON, including what PropelAuth would not issue. */
  claim(name: string, value: unknown): TestToken {
    return new TestToken(this.#signer, new Map(this.#claims).set(name, value), this.#orgs, this.#fault);
  }

  withoutClaim(name: string): TestToken {
    const claims = new Map(this.#claims);
    claims.delete(name);
    return new TestToken(this.#signer, claims, this.#orgs, this.#fault);
  }

  /** Adds a fault, so that the token is rejected. */
  fault(fault: Fault): TestToken {
    return new TestToken(this.#signer, this.#claims, this.#orgs, fault);
  }

  accessToken(): string {
    const { issuer, verifierKey, privateKey } = this.#signer;
    const token = new TestToken(this.#signer, this.#claims, this.#orgs, undefined);
    const rs256 = (key: KeyObject) => (input: string) => sign("sha256", Buffer.from(input), key);
    switch (this.#fault) {
      case undefined:
        return token.#sign("RS256", rs256(privateKey));
      case "Expired":
        return token.expiresAt(new Date(60 * 60 * 1000)).accessToken();
      case "NotYetValid":
        return token.notBefore(END_OF_TIME).accessToken();
      case "WrongIssuer":
        return token.claim("iss", `${issuer}.example.net`).accessToken();
      case "MissingUserId":
        return token.withoutClaim("user_id").accessToken();
      case "WrongKey":
        return token.#sign("RS256", rs256(createPrivateKey(otherPrivateKey)));
      case "Tampered": {
        const [header, , signature] = token.accessToken().split(".");
        const [, payload] = token.claim("tampered", true).accessToken().split(".");
        return `${header}.${payload}.${signature}`;
      }
      case "Truncated":
        return token.accessToken().replace(/\.[^.]*$/, "");
      case "AlgorithmNone":
        return token.#sign("none", () => Buffer.alloc(0));
      case "AlgorithmHs256":
        return token.#sign("HS256", (input) => createHmac("sha256", verifierKey).update(input).digest());
      default:
        throw new TypeError(`there is no such fault: ${String(this.#fault)}`);
    }
  }

  /** Returns the value of the `Authorization` header: `Bearer`, a space, the token. */
  authorizationHeader(): string {
    return `Bearer ${this.accessToken()}`;
  }

  #sign(alg: string, signature: (input: string) => Buffer): string {
    const claims = new Map(this.#claims);
    const orgs = this.#orgs.map((org) => [org.orgId, org] as const);
    if (orgs.length > 0 && !claims.has("org_id_to_org_member_info"))
      claims.set("org_id_to_org_member_info", new Map(orgs));
    const input = [JSON.stringify({ alg, typ: "JWT" }), objectText(claims)].map(base64url).join(".");
    return `${input}.${signature(input).toString("base64url")}`;
  }
}

/** Writes a map as a JSON object in its order, which an object would not keep for names such as `7`. */
function objectText(map: ReadonlyMap<string, unknown>): string {
  const members = [...map].map(([name, value]) => {
    const text = value instanceof Map ? objectText(value) : JSON.stringify(value);
    if (text === undefined) throw new TypeError(`the claim ${name} is not JSON`);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(",")}}`;
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function seconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}
