import { isString } from "./check.js";

/** How roles work in an org. An unknown value counts as a hierarchy. */
export type OrgRoleStructure = "single_role_in_hierarchy" | "multi_role" | (string & {});

/** How the user logged in. For information only: do not base authorization on it. */
export type LoginMethod =
  | { loginMethod: "password" }
  | { loginMethod: "magic_link" }
  | { loginMethod: "social_sso"; provider: string }
  | { loginMethod: "email_confirmation_link" }
  | { loginMethod: "saml_sso"; provider: string; orgId?: string }
  | { loginMethod: "impersonation" }
  | { loginMethod: "generated_from_backend_api" }
  | { loginMethod: "unknown" };

/** Free-form JSON from a token. None of its objects has a prototype. */
export interface JsonObject {
  [name: string]: unknown;
}

/** @internal */
export interface OrgFields {
  orgId: string;
  orgName: string;
  orgMetadata: JsonObject;
  urlSafeOrgName: string;
  orgRoleStructure: OrgRoleStructure;
  userAssignedRole: string;
  userInheritedRolesPlusCurrentRole: string[];
  userPermissions: string[];
  userAssignedAdditionalRoles: string[];
  legacyOrgId?: string;
}

/**
 * The engine's JSON of a user.
 *
 * @internal
 */
export interface UserFields {
  userId: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  username?: string;
  legacyUserId?: string;
  impersonatorUserId?: string;
  properties?: JsonObject;
  activeOrgId?: string;
  /** The token's issuer, if it is the verifier's additional one. */
  issuer?: string;
  /** In seconds since 1970, as is `expiresAt`. */
  issuedAt: number;
  expiresAt: number;
  loginMethod: { login_method: string; provider: string | null; org_id: string | null };
  orgs?: [orgId: string, org: OrgFields][];
  /** In place of the orgs if there may be many: the bytes of the engine's buffer to keep for an {@link OrgSource}. */
  kept?: number;
}

/**
 * The source of orgs that have not been created yet.
 *
 * @internal
 */
export interface OrgSource {
  byId(orgId: string): [orgId: string, org: OrgFields] | undefined;
  /** The first org with this name. */
  byName(orgName: string): [orgId: string, org: OrgFields] | undefined;
  all(): [orgId: string, org: OrgFields][];
}

/** A user's membership in an org. */
export class OrgMemberInfo {
  readonly orgId: string;
  /** The org's name, as displayed. */
  readonly orgName: string;
  readonly orgMetadata: JsonObject;
  /** The org's name in lower case and with hyphens, for use in URLs. */
  readonly urlSafeOrgName: string;
  readonly orgRoleStructure: OrgRoleStructure;
  /** The user's role in the org. With multiple roles, one of them. */
  readonly userAssignedRole: string;
  /** The user's role and the roles it inherits. */
  readonly userInheritedRolesPlusCurrentRole: string[];
  readonly userPermissions: string[];
  /** The user's other roles, in an org with multiple roles. */
  readonly userAssignedAdditionalRoles: string[];
  /** The org's id in the system it was migrated from. */
  readonly legacyOrgId?: string;

  private constructor(fields: OrgFields) {
    this.orgId = fields.orgId;
    this.orgName = fields.orgName;
    this.orgMetadata = withoutPrototypes(fields.orgMetadata);
    this.urlSafeOrgName = fields.urlSafeOrgName;
    this.orgRoleStructure = fields.orgRoleStructure;
    this.userAssignedRole = fields.userAssignedRole;
    this.userInheritedRolesPlusCurrentRole = fields.userInheritedRolesPlusCurrentRole;
    this.userPermissions = fields.userPermissions;
    this.userAssignedAdditionalRoles = fields.userAssignedAdditionalRoles;
    this.legacyOrgId = fields.legacyOrgId;
  }

  /** @internal */
  static of(fields: OrgFields): OrgMemberInfo {
    return new OrgMemberInfo(fields);
  }

  get assignedRole(): string {
    return this.userAssignedRole;
  }

  get inheritedRolesPlusCurrentRole(): string[] {
    return this.userInheritedRolesPlusCurrentRole;
  }

  get permissions(): string[] {
    return this.userPermissions;
  }

  get #hasMultipleRoles(): boolean {
    return this.orgRoleStructure === "multi_role";
  }

  /** Returns `true` if the user has this role. In an org with multiple roles, additional roles count. */
  isRole(role: string): boolean {
    return (
      this.userAssignedRole === role || (this.#hasMultipleRoles && this.userAssignedAdditionalRoles.includes(role))
    );
  }

  /** Returns `true` if the user has this role or one that inherits it. In an org with multiple roles, like `isRole`. */
  isAtLeastRole(role: string): boolean {
    return this.#hasMultipleRoles ? this.isRole(role) : this.userInheritedRolesPlusCurrentRole.includes(role);
  }

  hasPermission(permission: string): boolean {
    return this.userPermissions.includes(permission);
  }

  /** Returns `true` if the user has all of these permissions in the org, or if the list is empty. */
  hasAllPermissions(permissions: readonly string[]): boolean {
    return permissions.every((permission) => this.hasPermission(permission));
  }
}

/** The user of a verified token. */
export class User {
  // Declared only: each property is created where the constructor assigns it.
  declare readonly userId: string;
  /**
   * The orgs that the user is a member of, or only the active one if the token is for one org. This object has no
   * prototype. Like in every object, ids that look like array indexes come first; {@link User.getOrgs} keeps the order of
   * the token.
   */
  declare readonly orgIdToOrgMemberInfo?: { readonly [orgId: string]: OrgMemberInfo };
  declare readonly email?: string;
  declare readonly firstName?: string;
  declare readonly lastName?: string;
  declare readonly username?: string;
  /** The user's id in the system they were migrated from. */
  declare readonly legacyUserId?: string;
  /** The id of the impersonator, if someone acts as this user. */
  declare readonly impersonatorUserId?: string;
  declare readonly properties?: JsonObject;
  declare readonly loginMethod: LoginMethod;
  declare readonly activeOrgId?: string;
  readonly #orgs: Orgs | undefined;
  readonly #issuer: string;
  readonly #issuedAt: number;
  readonly #expiresAt: number;

  private constructor(fields: UserFields, issuer: string, source: OrgSource | undefined) {
    this.userId = fields.userId;
    if (source !== undefined) {
      this.#orgs = new Orgs(source);
      Object.defineProperty(this, "orgIdToOrgMemberInfo", User.#ORGS_ON_DEMAND);
    } else {
      this.#orgs = fields.orgs && new Orgs(undefined, fields.orgs);
      this.orgIdToOrgMemberInfo = this.#orgs?.byId();
    }
    this.email = fields.email;
    this.firstName = fields.firstName;
    this.lastName = fields.lastName;
    this.username = fields.username;
    this.legacyUserId = fields.legacyUserId;
    this.impersonatorUserId = fields.impersonatorUserId;
    this.properties = fields.properties && withoutPrototypes(fields.properties);
    this.loginMethod = loginMethod(fields.loginMethod);
    this.activeOrgId = fields.activeOrgId;
    this.#issuer = fields.issuer ?? issuer;
    this.#issuedAt = fields.issuedAt;
    this.#expiresAt = fields.expiresAt;
  }

  /**
   * An own property like all others for `Object.keys`, `JSON.stringify`, `structuredClone` and spreading. Reading it
   * creates all orgs, which few programs need for a user with many.
   */
  static readonly #ORGS_ON_DEMAND: PropertyDescriptor & ThisType<User> = {
    configurable: true,
    enumerable: true,
    get() {
      return this.#orgs?.byId();
    },
  };

  /** @internal */
  static of(fields: UserFields, issuer: string, source?: OrgSource): User {
    return new User(fields, issuer, source);
  }

  /**
   * The token's issuer: the auth URL of the user's PropelAuth environment, which is one of two with an
   * `additionalIssuer`. Not part of the user's JSON.
   */
  get issuer(): string {
    return this.#issuer;
  }

  /**
   * The time when the token was issued (`iat`). After a logout everywhere, reject tokens issued before it. Not part of
   * the user's JSON.
   */
  get issuedAt(): Date {
    return date(this.#issuedAt);
  }

  /**
   * The time when the token expires (`exp`). The verifier accepts the token until the leeway after that. Use it to
   * limit a cache or a WebSocket. Not part of the user's JSON.
   */
  get expiresAt(): Date {
    return date(this.#expiresAt);
  }

  /**
   * Formats the user for `console.log`, with the orgs in place of the getter.
   *
   * @internal
   */
  [Symbol.for("nodejs.util.inspect.custom")](_: number, options: object, inspect: (...of: object[]) => string): string {
    return `User ${inspect({ ...this }, options)}`;
  }

  /** Returns the membership in the active org, if the token is for one org and the user has a role in it. */
  getActiveOrg(): OrgMemberInfo | undefined {
    return this.activeOrgId === undefined ? undefined : this.getOrg(this.activeOrgId);
  }

  getActiveOrgId(): string | undefined {
    return this.activeOrgId;
  }

  /**
   * Returns the membership in the org with this id.
   *
   * @throws TypeError if the id is neither a string nor missing
   */
  getOrg(orgId: string): OrgMemberInfo | undefined {
    return isString("org id", orgId) ? this.#orgs?.find(orgId) : undefined;
  }

  /**
   * Returns the membership in the first org with this displayed name.
   *
   * @throws TypeError if the name is neither a string nor missing
   */
  getOrgByName(orgName: string): OrgMemberInfo | undefined {
    return isString("org name", orgName) ? this.#orgs?.findByName(orgName) : undefined;
  }

  /** Returns all memberships, in the order of the token. */
  getOrgs(): OrgMemberInfo[] {
    return this.#orgs?.all() ?? [];
  }

  /**
   * Returns the user's property with this name.
   *
   * @throws TypeError if the name is neither a string nor missing
   */
  getUserProperty(name: string): unknown {
    return isString("property name", name) ? this.properties?.[name] : undefined;
  }

  /** Returns `true` if someone else acts as this user. */
  isImpersonating(): boolean {
    return this.impersonatorUserId !== undefined;
  }

  /** Returns `true` if the user is a member of the org with this role. */
  isRole(orgId: string, role: string): boolean {
    return this.getOrg(orgId)?.isRole(role) ?? false;
  }

  /** Returns `true` if the user is a member of the org with this role or one that inherits it. */
  isAtLeastRole(orgId: string, role: string): boolean {
    return this.getOrg(orgId)?.isAtLeastRole(role) ?? false;
  }

  /** Returns `true` if the user is a member of the org and has the permission in it. */
  hasPermission(orgId: string, permission: string): boolean {
    return this.getOrg(orgId)?.hasPermission(permission) ?? false;
  }

  /** Returns `true` if the user is a member of the org and has all of these permissions in it. */
  hasAllPermissions(orgId: string, permissions: readonly string[]): boolean {
    return this.getOrg(orgId)?.hasAllPermissions(permissions) ?? false;
  }
}

/** The orgs of a user. Each is created on first access, and only once. */
class Orgs {
  /** Absent once all orgs are created. */
  #source: OrgSource | undefined;
  /** The created orgs; once all are, in the order of the token. */
  #made = new Map<string, OrgMemberInfo>();
  #byId: { readonly [orgId: string]: OrgMemberInfo } | undefined;

  constructor(source: OrgSource | undefined, orgs: UserFields["orgs"] = []) {
    this.#source = source;
    for (const org of orgs) this.#make(org);
  }

  find(orgId: string): OrgMemberInfo | undefined {
    const made = this.#made.get(orgId);
    if (made !== undefined || this.#source === undefined) return made;
    const found = this.#source.byId(orgId);
    // Encoding for the engine replaces lone surrogates, so the engine may find another org.
    return found?.[0] === orgId ? this.#make(found) : undefined;
  }

  findByName(orgName: string): OrgMemberInfo | undefined {
    if (this.#source === undefined) {
      for (const org of this.#made.values()) if (org.orgName === orgName) return org;
      return undefined;
    }
    const found = this.#source.byName(orgName);
    return found?.[1].orgName === orgName ? this.#make(found) : undefined;
  }

  all(): OrgMemberInfo[] {
    this.#makeAll();
    return [...this.#made.values()];
  }

  byId(): { readonly [orgId: string]: OrgMemberInfo } {
    if (this.#byId !== undefined) return this.#byId;
    this.#makeAll();
    // Ids come from a token: one like `constructor` must not find an inherited property.
    const byId: { [orgId: string]: OrgMemberInfo } = Object.create(null);
    for (const [orgId, org] of this.#made) byId[orgId] = org;
    return (this.#byId = byId);
  }

  #makeAll(): void {
    if (this.#source === undefined) return;
    const orgs = this.#source.all();
    this.#made = new Map(orgs.map(([orgId, org]) => [orgId, this.#made.get(orgId) ?? OrgMemberInfo.of(org)]));
    this.#source = undefined;
  }

  #make([orgId, fields]: [orgId: string, org: OrgFields]): OrgMemberInfo {
    const made = this.#made.get(orgId) ?? OrgMemberInfo.of(fields);
    this.#made.set(orgId, made);
    return made;
  }
}

/** The latest time that a `Date` can hold, in milliseconds. */
const LAST_MILLISECOND = 8.64e15;

/** Times after the last `Date` become the last one: an invalid date would be neither past nor future. */
function date(seconds: number): Date {
  return new Date(Math.min(seconds * 1000, LAST_MILLISECOND));
}

/** Copies free-form JSON. The engine limits its depth. */
function withoutPrototypes(object: JsonObject): JsonObject {
  const copy: JsonObject = Object.create(null);
  for (const name of Object.keys(object)) copy[name] = bare(object[name]);
  return copy;
}

function bare(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Array.isArray(value) ? value.map(bare) : withoutPrototypes(value as JsonObject);
}

function loginMethod({ login_method, provider, org_id }: UserFields["loginMethod"]): LoginMethod {
  const method: Record<string, string> = { loginMethod: login_method };
  if (provider !== null) method["provider"] = provider;
  if (org_id !== null) method["orgId"] = org_id;
  return method as LoginMethod;
}
