/** How the roles of an org work. One that is not known here is treated as a hierarchy. */
export type OrgRoleStructure = "single_role_in_hierarchy" | "multi_role" | (string & {});

/** How the user logged in. It informs and authorizes nothing. */
export type LoginMethod =
  | { loginMethod: "password" }
  | { loginMethod: "magic_link" }
  | { loginMethod: "social_sso"; provider: string }
  | { loginMethod: "email_confirmation_link" }
  | { loginMethod: "saml_sso"; provider: string; orgId?: string }
  | { loginMethod: "impersonation" }
  | { loginMethod: "generated_from_backend_api" }
  | { loginMethod: "unknown" };

interface OrgFields {
  orgId: string;
  orgName: string;
  orgMetadata: { [name: string]: unknown };
  urlSafeOrgName: string;
  orgRoleStructure: OrgRoleStructure;
  userAssignedRole: string;
  userInheritedRolesPlusCurrentRole: string[];
  userPermissions: string[];
  userAssignedAdditionalRoles: string[];
  legacyOrgId?: string;
}

/** What the engine writes of a user. */
export interface UserFields {
  userId: string;
  email?: string;
  firstName?: string;
  lastName?: string;
  username?: string;
  legacyUserId?: string;
  impersonatorUserId?: string;
  properties?: { [name: string]: unknown };
  activeOrgId?: string;
  loginMethod: { login_method: string; provider: string | null; org_id: string | null };
  orgs?: [orgId: string, org: OrgFields][];
}

/** A user's membership in an org. */
export class OrgMemberInfo {
  readonly orgId: string;
  /** The org's name, as displayed. */
  readonly orgName: string;
  readonly orgMetadata: { [name: string]: unknown };
  /** The org's name in lower case and with hyphens, for URLs. */
  readonly urlSafeOrgName: string;
  readonly orgRoleStructure: OrgRoleStructure;
  /** The user's role in the org; with multiple roles, one of them. */
  readonly userAssignedRole: string;
  /** That role and those that it inherits. */
  readonly userInheritedRolesPlusCurrentRole: string[];
  readonly userPermissions: string[];
  /** With multiple roles, the others. */
  readonly userAssignedAdditionalRoles: string[];
  /** The org's id in the system that it was migrated from. */
  readonly legacyOrgId?: string;

  /** @internal */
  constructor(fields: OrgFields) {
    this.orgId = fields.orgId;
    this.orgName = fields.orgName;
    this.orgMetadata = fields.orgMetadata;
    this.urlSafeOrgName = fields.urlSafeOrgName;
    this.orgRoleStructure = fields.orgRoleStructure;
    this.userAssignedRole = fields.userAssignedRole;
    this.userInheritedRolesPlusCurrentRole = fields.userInheritedRolesPlusCurrentRole;
    this.userPermissions = fields.userPermissions;
    this.userAssignedAdditionalRoles = fields.userAssignedAdditionalRoles;
    this.legacyOrgId = fields.legacyOrgId;
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

  /** Whether the user has this role: the one assigned, or in an org with multiple roles an additional one. */
  isRole(role: string): boolean {
    return this.userAssignedRole === role || (this.#hasMultipleRoles && this.userAssignedAdditionalRoles.includes(role));
  }

  /** Whether the user has this role or one that inherits it. In an org with multiple roles, the same as `isRole`. */
  isAtLeastRole(role: string): boolean {
    return this.#hasMultipleRoles ? this.isRole(role) : this.userInheritedRolesPlusCurrentRole.includes(role);
  }

  hasPermission(permission: string): boolean {
    return this.userPermissions.includes(permission);
  }

  /** Whether the user has all these permissions in the org; of an empty list, yes. */
  hasAllPermissions(permissions: readonly string[]): boolean {
    return permissions.every((permission) => this.hasPermission(permission));
  }
}

/** The user whom a verified token names. */
export class User {
  readonly userId: string;
  /** The orgs that the user is a member of; only the active one if the token is for one. */
  readonly orgIdToOrgMemberInfo?: { readonly [orgId: string]: OrgMemberInfo };
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly username?: string;
  /** The user's id in the system that they were migrated from. */
  readonly legacyUserId?: string;
  /** Who acts as this user, if somebody does. */
  readonly impersonatorUserId?: string;
  readonly properties?: { [name: string]: unknown };
  readonly loginMethod: LoginMethod;
  readonly activeOrgId?: string;

  /** @internal */
  constructor(fields: UserFields) {
    this.userId = fields.userId;
    const orgs = fields.orgs?.map(([orgId, org]) => [orgId, new OrgMemberInfo(org)] as const);
    this.orgIdToOrgMemberInfo = orgs && Object.fromEntries(orgs);
    this.email = fields.email;
    this.firstName = fields.firstName;
    this.lastName = fields.lastName;
    this.username = fields.username;
    this.legacyUserId = fields.legacyUserId;
    this.impersonatorUserId = fields.impersonatorUserId;
    this.properties = fields.properties;
    this.loginMethod = loginMethod(fields.loginMethod);
    this.activeOrgId = fields.activeOrgId;
  }

  /** The membership in the active org, if the token is for one and the user has a role in it. */
  getActiveOrg(): OrgMemberInfo | undefined {
    return this.activeOrgId === undefined ? undefined : this.getOrg(this.activeOrgId);
  }

  getActiveOrgId(): string | undefined {
    return this.activeOrgId;
  }

  getOrg(orgId: string): OrgMemberInfo | undefined {
    return own(this.orgIdToOrgMemberInfo, orgId);
  }

  /** The membership in the first org of this name, as displayed. */
  getOrgByName(orgName: string): OrgMemberInfo | undefined {
    return this.getOrgs().find((org) => org.orgName === orgName);
  }

  getOrgs(): OrgMemberInfo[] {
    return Object.values(this.orgIdToOrgMemberInfo ?? {});
  }

  getUserProperty(name: string): unknown {
    return own(this.properties, name);
  }

  /** Whether somebody else acts as this user. */
  isImpersonating(): boolean {
    return this.impersonatorUserId !== undefined;
  }

  isRole(orgId: string, role: string): boolean {
    return this.getOrg(orgId)?.isRole(role) ?? false;
  }

  isAtLeastRole(orgId: string, role: string): boolean {
    return this.getOrg(orgId)?.isAtLeastRole(role) ?? false;
  }

  hasPermission(orgId: string, permission: string): boolean {
    return this.getOrg(orgId)?.hasPermission(permission) ?? false;
  }

  /** Whether the user is a member of the org and has all these permissions in it. */
  hasAllPermissions(orgId: string, permissions: readonly string[]): boolean {
    return this.getOrg(orgId)?.hasAllPermissions(permissions) ?? false;
  }
}

/** Names come from tokens: one like `constructor` must not lead to what every object has. */
function own<T>(object: { readonly [name: string]: T } | undefined, name: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, name) ? object[name] : undefined;
}

function loginMethod({ login_method, provider, org_id }: UserFields["loginMethod"]): LoginMethod {
  const method: Record<string, string> = { loginMethod: login_method };
  if (provider !== null) method["provider"] = provider;
  if (org_id !== null) method["orgId"] = org_id;
  return method as LoginMethod;
}
