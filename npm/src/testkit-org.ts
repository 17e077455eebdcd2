import type { JsonObject, OrgRoleStructure } from "./user.js";

/** An org in a token. */
interface OrgClaims {
  org_id: string;
  org_name: string;
  url_safe_org_name: string;
  org_metadata: JsonObject;
  legacy_org_id?: string;
  user_role: string;
  inherited_user_roles_plus_current_role: readonly string[];
  org_role_structure: OrgRoleStructure;
  additional_roles: readonly string[];
  user_permissions: readonly string[];
}

/** A membership for a {@link TestToken}. Every method returns a changed copy. */
export class TestOrg {
  readonly #claims: OrgClaims;

  /** Creates a membership as `Member`, without permissions. */
  constructor(orgId: string, orgName: string) {
    this.#claims = {
      org_id: orgId,
      org_name: orgName,
      url_safe_org_name: orgName
        .split(/[^\p{Alphabetic}\p{N}]+/u)
        .filter((word) => word !== "")
        .join("-")
        .toLowerCase(),
      org_metadata: {},
      user_role: "Member",
      inherited_user_roles_plus_current_role: ["Member"],
      org_role_structure: "single_role_in_hierarchy",
      additional_roles: [],
      user_permissions: [],
    };
  }

  /** Sets the user's role, and the roles that it inherits. */
  singleRoleInHierarchy(userRole: string, inheritedRoles: readonly string[] = []): TestOrg {
    return this.#with({
      user_role: userRole,
      inherited_user_roles_plus_current_role: [userRole, ...inheritedRoles],
      org_role_structure: "single_role_in_hierarchy",
      additional_roles: [],
    });
  }

  /** Sets several roles without a hierarchy: the assigned one, and additional ones. */
  multiRole(userRole: string, additionalRoles: readonly string[] = []): TestOrg {
    return this.#with({
      user_role: userRole,
      inherited_user_roles_plus_current_role: [userRole],
      org_role_structure: "multi_role",
      additional_roles: additionalRoles,
    });
  }

  userPermissions(permissions: readonly string[]): TestOrg {
    return this.#with({ user_permissions: permissions });
  }

  /** Sets the org's name in URLs. Defaults to the words of its name joined with hyphens. */
  urlSafeOrgName(name: string): TestOrg {
    return this.#with({ url_safe_org_name: name });
  }

  legacyOrgId(id: string): TestOrg {
    return this.#with({ legacy_org_id: id });
  }

  /** Sets an entry of the org's metadata. */
  orgMetadata(name: string, value: unknown): TestOrg {
    return this.#with({ org_metadata: { ...this.#claims.org_metadata, [name]: value } });
  }

  /** @internal */
  get orgId(): string {
    return this.#claims.org_id;
  }

  /** @internal */
  toJSON(): OrgClaims {
    return this.#claims;
  }

  #with(claims: Partial<OrgClaims>): TestOrg {
    const copy = new TestOrg(this.#claims.org_id, this.#claims.org_name);
    Object.assign(copy.#claims, this.#claims, claims);
    return copy;
  }
}
