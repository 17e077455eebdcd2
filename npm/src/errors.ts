/** Why a token was rejected. */
export type UnauthorizedCode =
  | "MissingHeader"
  | "MissingToken"
  | "RepeatedToken"
  | "MalformedHeader"
  | "TokenTooLong"
  | "MalformedToken"
  | "UnsupportedAlgorithm"
  | "UnsupportedCritical"
  | "InvalidSignature"
  | "InvalidPayload"
  | "MissingClaim"
  | "InvalidClaim"
  | "WrongIssuer"
  | "WrongAudience"
  | "Expired"
  | "NotYetValid";

/** Why a user lacks access. */
export type ForbiddenCode = "NotMemberOfOrg" | "MissingRole" | "MissingPermission";

/** The engine's JSON of a refusal. */
export interface Refusal<Code> {
  code: Code;
  claim?: string;
  message: string;
  reason: string;
  wwwAuthenticate: string;
}

/** A request that must be rejected: either an {@link UnauthorizedError} or a {@link ForbiddenError}. */
export abstract class AuthError extends Error {
  /** The HTTP status to answer with. */
  abstract readonly status: 401 | 403;
  /** A stable name of the check that failed. */
  abstract readonly code: UnauthorizedCode | ForbiddenCode;
  /** The claim that is missing or invalid, if `code` is `"MissingClaim"` or `"InvalidClaim"`. */
  readonly claim?: string;
  /** Details for your log. Contains nothing from the token. The `message`, in contrast, is safe to send to the client. */
  readonly reason: string;
  /** The value of the `WWW-Authenticate` header to answer with. */
  readonly wwwAuthenticate: string;

  protected constructor(refusal: Refusal<unknown>) {
    super(refusal.message);
    if (refusal.claim !== undefined) this.claim = refusal.claim;
    this.reason = refusal.reason;
    this.wwwAuthenticate = refusal.wwwAuthenticate;
  }
}

/** The request has no valid access token. */
export class UnauthorizedError extends AuthError {
  override readonly name = "UnauthorizedError";
  override readonly status = 401;
  override readonly code: UnauthorizedCode;

  private constructor(refusal: Refusal<UnauthorizedCode>) {
    super(refusal);
    this.code = refusal.code;
  }

  /** @internal */
  static of(refusal: Refusal<UnauthorizedCode>): UnauthorizedError {
    return new UnauthorizedError(refusal);
  }
}

/** The token is valid, but its user lacks the membership, role or permission that was required. */
export class ForbiddenError extends AuthError {
  override readonly name = "ForbiddenError";
  override readonly status = 403;
  override readonly code: ForbiddenCode;

  private constructor(refusal: Refusal<ForbiddenCode>) {
    super(refusal);
    this.code = refusal.code;
  }

  /** @internal */
  static of(refusal: Refusal<ForbiddenCode>): ForbiddenError {
    return new ForbiddenError(refusal);
  }
}
