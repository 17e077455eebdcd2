import { checkString, isString } from "./check.js";
import type { Engine, State, Validation } from "./engine.js";
import { ForbiddenError, UnauthorizedError, type AuthError, type ForbiddenCode } from "./errors.js";
import type { PreparedVerifier } from "./prepared.js";
import { User, type OrgMemberInfo } from "./user.js";

export interface VerifierOptions {
  /** The public key in PEM, as shown on the Backend Integration page of your PropelAuth dashboard. */
  verifierKey: string;
  /** The auth URL, as shown on that page. */
  issuer: string;
  /** A second accepted key, for a key rotation. */
  additionalVerifierKey?: string | undefined;
  /** A second accepted issuer, for a move to another domain. */
  additionalIssuer?: string | undefined;
  /** The required audience (`aud`). By default `aud` is not checked, and PropelAuth does not set it. */
  audience?: string | undefined;
  /** The maximum length of a token in bytes. Defaults to 256 KiB, which is also the highest value. */
  maxTokenLength?: number | undefined;
  /** The allowed clock skew in seconds. Defaults to 60. */
  leewaySeconds?: number | undefined;
  /**
   * The output of the command `propelauth-edge-prepare` for `verifierKey` and `issuer`, which parses the key at build time.
   * Of the other settings, only `onRefusal` is allowed with it.
   */
  prepared?: PreparedVerifier | undefined;
  /**
   * Called once with each error that a method of the verifier is about to throw, for logs and metrics: see the error's
   * `code`, `claim` and `reason`. The error contains nothing from the token. Exceptions and rejected promises of this
   * function are ignored.
   */
  onRefusal?: ((refusal: AuthError) => void) | undefined;
}

export interface ValidationOptions {
  /** The time at which to verify the token. Defaults to now. */
  now?: Date | undefined;
}

/** The value of an `Authorization` header. */
export type AuthorizationHeader = string | null | undefined;

/**
 * The org that a request is about, by id, by name, or by both, in which case both must match. Names are compared as
 * displayed. They need not be unique, and an org's members can change them, so prefer the id.
 */
export type RequiredOrgInfo = { orgId: string; orgName?: string | undefined } | { orgId?: undefined; orgName: string };

export interface UserAndOrgMemberInfo {
  user: User;
  orgMemberInfo: OrgMemberInfo;
}

/**
 * Verifies the access tokens of one PropelAuth environment. Create one at startup and keep it.
 *
 * Every method throws an {@link UnauthorizedError} if the token is missing or invalid.
 */
export class BaseVerifier {
  readonly #engine: Engine;
  readonly #state: State;
  readonly #issuer: string;
  readonly #onRefusal: VerifierOptions["onRefusal"];

  /** @internal */
  constructor(engine: Engine, options: VerifierOptions) {
    const { verifierKey, issuer, additionalVerifierKey, additionalIssuer, audience, maxTokenLength, leewaySeconds } =
      options;
    const { prepared, onRefusal } = options;
    checkString("verifierKey", verifierKey);
    checkString("issuer", issuer);
    if (additionalVerifierKey !== undefined) checkString("additionalVerifierKey", additionalVerifierKey);
    if (additionalIssuer !== undefined) checkString("additionalIssuer", additionalIssuer);
    if (audience !== undefined) checkString("audience", audience);
    if (maxTokenLength !== undefined) checkWholeNumber("maxTokenLength", maxTokenLength);
    if (leewaySeconds !== undefined) checkWholeNumber("leewaySeconds", leewaySeconds);
    if (onRefusal !== undefined && typeof onRefusal !== "function") throw new TypeError("onRefusal is not a function");
    this.#engine = engine;
    this.#issuer = issuer;
    this.#onRefusal = onRefusal;
    this.#state = engine.prepare(
      {
        issuer,
        verifierKey,
        additionalVerifierKey,
        additionalIssuer,
        audience,
        maxTokenLength,
        leewaySeconds,
      },
      prepared,
    );
  }

  /** Verifies a bare token, such as the value of a cookie, and returns its user. */
  validateAccessToken(accessToken: string | null | undefined, options?: ValidationOptions): User {
    // An empty token counts as a missing one.
    const token = accessToken ?? "";
    checkString("access token", token);
    if (token === "") throw this.#told(UnauthorizedError.of(this.#engine.refusal("MissingToken")));
    return this.#validate("validate_access_token", token, options);
  }

  /** Verifies the token in an `Authorization` header, which is `Bearer`, one space and the token, and returns its user. */
  validateAccessTokenAndGetUser(authorizationHeader: AuthorizationHeader, options?: ValidationOptions): User {
    // An empty header counts as a missing one.
    const header = authorizationHeader ?? "";
    checkString("authorization header", header);
    return this.#validate("validate_access_token_and_get_user", header, options);
  }

  /**
   * Verifies the token in a header and checks that the user is a member of the org.
   *
   * @throws {@link ForbiddenError} if the user is not
   */
  validateAccessTokenAndGetUserWithOrgInfo(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const user = this.validateAccessTokenAndGetUser(authorizationHeader, options);
    const orgMemberInfo = findOrg(user, requiredOrgInfo);
    if (orgMemberInfo === undefined) throw this.forbidden("NotMemberOfOrg");
    return { user, orgMemberInfo };
  }

  /**
   * Verifies the token in a header and checks that the user has this role in the org, or one that inherits it.
   *
   * @throws {@link ForbiddenError} if the user is not a member of the org, or lacks the role
   */
  validateAccessTokenAndGetUserWithOrgInfoWithMinimumRole(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    minimumRole: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    if (!found.orgMemberInfo.isAtLeastRole(minimumRole)) throw this.forbidden("MissingRole");
    return found;
  }

  /**
   * Verifies the token in a header and checks that the user has exactly this role in the org.
   *
   * @throws {@link ForbiddenError} if the user is not a member of the org, or lacks the role
   */
  validateAccessTokenAndGetUserWithOrgInfoWithExactRole(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    exactRole: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    if (!found.orgMemberInfo.isRole(exactRole)) throw this.forbidden("MissingRole");
    return found;
  }

  /**
   * Verifies the token in a header and checks that the user has this permission in the org.
   *
   * @throws {@link ForbiddenError} if the user is not a member of the org, or lacks the permission
   */
  validateAccessTokenAndGetUserWithOrgInfoWithPermission(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    permission: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    if (!found.orgMemberInfo.hasPermission(permission)) throw this.forbidden("MissingPermission");
    return found;
  }

  /**
   * Verifies the token in a header and checks that the user has all of these permissions in the org.
   *
   * @throws {@link ForbiddenError} if the user is not a member of the org, or lacks one of the permissions
   */
  validateAccessTokenAndGetUserWithOrgInfoWithAllPermissions(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    permissions: readonly string[],
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    if (!found.orgMemberInfo.hasAllPermissions(permissions)) throw this.forbidden("MissingPermission");
    return found;
  }

  #validate(how: Validation, text: string, options: ValidationOptions = {}): User {
    const milliseconds = options.now === undefined ? Date.now() : options.now.getTime();
    const verdict = this.#engine.validate(this.#state, how, text, milliseconds / 1000);
    if (!verdict.isAccepted) throw this.#told(UnauthorizedError.of(verdict.refusal));
    return User.of(verdict.user, this.#issuer, verdict.orgs);
  }

  /** @internal */
  forbidden(code: ForbiddenCode): ForbiddenError {
    return this.#told(ForbiddenError.of(this.#engine.refusal(code)));
  }

  /** Reports the refusal. A failing callback must not change it. */
  #told<E extends AuthError>(refusal: E): E {
    try {
      const result: unknown = this.#onRefusal?.(refusal);
      if (result !== undefined) Promise.resolve(result).catch(() => {});
    } catch {}
    return refusal;
  }
}

/**
 * Returns `undefined` if no org is named, including by `null`, which JavaScript may pass.
 *
 * @internal
 */
export function findOrg(user: User, { orgId, orgName }: RequiredOrgInfo): OrgMemberInfo | undefined {
  if (orgId == null) return orgName == null ? undefined : user.getOrgByName(orgName);
  const org = user.getOrg(orgId);
  return !isString("org name", orgName) || org?.orgName === orgName ? org : undefined;
}

function checkWholeNumber(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError(`${name} is not a whole number from 0 to 4294967295`);
  }
}
