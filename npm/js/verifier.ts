import type { Engine, State, Validation } from "./engine.js";
import { ForbiddenError, UnauthorizedError, type ForbiddenCode, type UnauthorizedCode } from "./errors.js";
import { User, type OrgMemberInfo, type UserFields } from "./user.js";

export interface VerifierOptions {
  /** The public key in PEM, as shown on the Backend Integration page of the dashboard. */
  verifierKey: string;
  issuer: string;
  /** For a rotation: tokens under the former, or the coming, key are good as well. */
  additionalVerifierKey?: string | undefined;
  /** How far this clock and PropelAuth's may be apart. It is 60 unless said otherwise. */
  leewaySeconds?: number | undefined;
}

export interface ValidationOptions {
  /** The present, unless said otherwise. */
  now?: Date | undefined;
}

export type AuthorizationHeader = string | null | undefined;

/** The org that a request is about. Of an org that is given by id and name, both must be right. */
export interface RequiredOrgInfo {
  orgId?: string | undefined;
  /** As displayed. Names need not be unique and can be changed by the org's members, so prefer the id. */
  orgName?: string | undefined;
}

export interface UserAndOrgMemberInfo {
  user: User;
  orgMemberInfo: OrgMemberInfo;
}

/**
 * Verifies access tokens of one PropelAuth environment. Make one at start-up and keep it. Every method throws an
 * {@link UnauthorizedError} for a token that is no good.
 */
export class BaseVerifier {
  readonly #engine: Engine;
  readonly #state: State;

  /**
   * @internal
   * @throws Error, if the key or the issuer cannot be used
   */
  constructor(engine: Engine, options: VerifierOptions) {
    const { verifierKey, issuer, additionalVerifierKey, leewaySeconds } = options;
    checkString("verifierKey", verifierKey);
    checkString("issuer", issuer);
    if (additionalVerifierKey !== undefined) checkString("additionalVerifierKey", additionalVerifierKey);
    if (leewaySeconds !== undefined) checkSeconds(leewaySeconds);
    this.#engine = engine;
    this.#state = engine.prepare(issuer, verifierKey, additionalVerifierKey, leewaySeconds);
  }

  validateAccessToken(accessToken: string, options?: ValidationOptions): User {
    checkString("access token", accessToken);
    return this.#validate("validate_access_token", accessToken, options);
  }

  /** The header is `Bearer`, a space, and the token. */
  validateAccessTokenAndGetUser(authorizationHeader: AuthorizationHeader, options?: ValidationOptions): User {
    // An empty header is the same as none.
    const header = authorizationHeader ?? "";
    checkString("authorization header", header);
    return this.#validate("validate_access_token_and_get_user", header, options);
  }

  /** @throws {@link ForbiddenError}, if the user is not a member of the org */
  validateAccessTokenAndGetUserWithOrgInfo(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const user = this.validateAccessTokenAndGetUser(authorizationHeader, options);
    const orgMemberInfo = findOrg(user, requiredOrgInfo);
    if (orgMemberInfo === undefined) throw new ForbiddenError("NotMemberOfOrg");
    return { user, orgMemberInfo };
  }

  /** @throws {@link ForbiddenError}, if the user is not a member of the org or has neither the role nor a higher one */
  validateAccessTokenAndGetUserWithOrgInfoWithMinimumRole(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    minimumRole: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    return ensure(found, found.orgMemberInfo.isAtLeastRole(minimumRole), "MissingRole");
  }

  /** @throws {@link ForbiddenError}, if the user is not a member of the org or does not have the role */
  validateAccessTokenAndGetUserWithOrgInfoWithExactRole(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    exactRole: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    return ensure(found, found.orgMemberInfo.isRole(exactRole), "MissingRole");
  }

  /** @throws {@link ForbiddenError}, if the user is not a member of the org or does not have the permission */
  validateAccessTokenAndGetUserWithOrgInfoWithPermission(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    permission: string,
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    return ensure(found, found.orgMemberInfo.hasPermission(permission), "MissingPermission");
  }

  /** @throws {@link ForbiddenError}, if the user is not a member of the org or lacks one of the permissions */
  validateAccessTokenAndGetUserWithOrgInfoWithAllPermissions(
    authorizationHeader: AuthorizationHeader,
    requiredOrgInfo: RequiredOrgInfo,
    permissions: readonly string[],
    options?: ValidationOptions,
  ): UserAndOrgMemberInfo {
    const found = this.validateAccessTokenAndGetUserWithOrgInfo(authorizationHeader, requiredOrgInfo, options);
    return ensure(found, found.orgMemberInfo.hasAllPermissions(permissions), "MissingPermission");
  }

  #validate(how: Validation, text: string, options: ValidationOptions = {}): User {
    const milliseconds = options.now === undefined ? Date.now() : options.now.getTime();
    const { isUser, json } = this.#engine.validate(this.#state, how, text, milliseconds / 1000);
    if (isUser) return new User(json as UserFields);
    const { code, message, reason } = json as { code: string; message: string; reason: string };
    // The engine's code goes on with the claim that is meant, of which the reason tells as well.
    throw new UnauthorizedError({ code: code.split("(", 1)[0] as UnauthorizedCode, message, reason });
  }
}

/** Nothing if no org is named, also not by `null`, which JavaScript may pass. */
function findOrg(user: User, { orgId, orgName }: RequiredOrgInfo): OrgMemberInfo | undefined {
  if (orgId == null) return orgName == null ? undefined : user.getOrgByName(orgName);
  const org = user.getOrg(orgId);
  return orgName == null || org?.orgName === orgName ? org : undefined;
}

function ensure<T>(found: T, met: boolean, otherwise: ForbiddenCode): T {
  if (!met) throw new ForbiddenError(otherwise);
  return found;
}

function checkString(name: string, value: unknown): void {
  if (typeof value !== "string") throw new TypeError(`the ${name} is not a string`);
}

function checkSeconds(value: number): void {
  if (!Number.isInteger(value) || value < 0 || value > 0xffff_ffff) {
    throw new RangeError("leewaySeconds is not a whole number from 0 to 4294967295");
  }
}
