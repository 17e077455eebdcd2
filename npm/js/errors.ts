export type UnauthorizedCode =
  | "MissingHeader"
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
  | "Expired"
  | "NotYetValid";

/** The token does not name a user. */
export class UnauthorizedError extends Error {
  override readonly name = "UnauthorizedError";
  readonly status = 401;
  readonly code: UnauthorizedCode;
  /** Precise, for the log. It holds nothing of the token. The message is what may be sent to the client. */
  readonly reason: string;

  /** @internal */
  constructor(fields: { code: UnauthorizedCode; message: string; reason: string }) {
    super(fields.message);
    this.code = fields.code;
    this.reason = fields.reason;
  }
}

export type ForbiddenCode = "NotMemberOfOrg" | "MissingRole" | "MissingPermission";

const FORBIDDEN = {
  NotMemberOfOrg: ["User is not a member of org", "user who is not a member of the org"],
  MissingRole: ["User doesn't have required role", "user without the role in the org"],
  MissingPermission: ["User doesn't have required permission", "user without the permission in the org"],
} as const;

/** The user may not do what was asked for. */
export class ForbiddenError extends Error {
  override readonly name = "ForbiddenError";
  readonly status = 403;
  readonly code: ForbiddenCode;
  /** Precise, for the log. The message is what may be sent to the client. */
  readonly reason: string;

  /** @internal */
  constructor(code: ForbiddenCode) {
    super(FORBIDDEN[code][0]);
    this.code = code;
    this.reason = FORBIDDEN[code][1];
  }
}
