// What the package says to a question of `tests/javascript.rs`. Every runtime imports this, and brings its own package.

const { hasOwn } = Object;

/** A function from a question to an answer, both JSON. */
export function answerer({ ForbiddenError, UnauthorizedError, Verifier }) {
  const verifiers = new Map();

  function verifier({ verifierKey, issuer }) {
    const name = JSON.stringify([verifierKey, issuer]);
    if (!verifiers.has(name)) verifiers.set(name, new Verifier({ verifierKey, issuer }));
    return verifiers.get(name);
  }

  /** What the function returns, or what it throws if that is an error for users of the package. */
  function outcome(run) {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof UnauthorizedError || error instanceof ForbiddenError)) throw error;
      const { name, status, code, message, reason } = error;
      return { refused: { name, status, code, message, reason } };
    }
  }

  function answer(question) {
    let auth;
    try {
      auth = verifier(question);
    } catch (error) {
      return { verifier: error.message };
    }
    const options = hasOwn(question, "now") ? { now: new Date(question.now * 1000) } : {};
    if (hasOwn(question, "header")) {
      return outcome(() => ({ user: auth.validateAccessTokenAndGetUser(question.header, options) }));
    }
    if (!hasOwn(question, "token")) return { verifier: null };
    const validated = outcome(() => ({ user: auth.validateAccessToken(question.token, options) }));
    if (validated.refused) return validated;
    if (hasOwn(question, "org")) return { answers: aboutOrg(auth, validated.user, question, options) };
    if (hasOwn(question, "properties")) return { answers: aboutUser(validated.user, question) };
    return validated;
  }

  function aboutOrg(auth, user, question, options) {
    const { org: id, name, role, permission, permissions } = question;
    const header = `Bearer ${question.token}`;
    const info = user.getOrg(id) ?? null;
    const found = (method, ...requirement) =>
      outcome(() => {
        // Where nothing is required beyond membership, that is another method.
        const asked = requirement[0] === null ? "validateAccessTokenAndGetUserWithOrgInfo" : method;
        const wanted = requirement[0] === null ? [] : requirement;
        const byId = auth[asked](header, { orgId: id }, ...wanted, options).orgMemberInfo;
        const { orgName } = byId;
        return { orgId: auth[asked](header, { orgId: id, orgName }, ...wanted, options).orgMemberInfo.orgId };
      });
    return {
      get_org: info,
      get_org_by_name: user.getOrgByName(name) ?? null,
      is_role_in_org: user.isRole(id, role),
      is_at_least_role_in_org: user.isAtLeastRole(id, role),
      has_permission_in_org: user.hasPermission(id, permission),
      has_all_permissions_in_org: permissions !== null && user.hasAllPermissions(id, permissions),
      org_member_info: info && {
        user_is_role: info.isRole(role),
        user_is_at_least_role: info.isAtLeastRole(role),
        user_has_permission: info.hasPermission(permission),
        user_has_all_permissions: permissions !== null && info.hasAllPermissions(permissions),
      },
      validate_org_access_and_get_org_member_info: found("validateAccessTokenAndGetUserWithOrgInfo"),
      validate_minimum_org_role_and_get_org: found("validateAccessTokenAndGetUserWithOrgInfoWithMinimumRole", role),
      validate_exact_org_role_and_get_org: found("validateAccessTokenAndGetUserWithOrgInfoWithExactRole", role),
      validate_permission_and_get_org: found("validateAccessTokenAndGetUserWithOrgInfoWithPermission", permission),
      validate_all_permissions_and_get_org: found(
        "validateAccessTokenAndGetUserWithOrgInfoWithAllPermissions",
        permissions,
      ),
      other_name: outcome(() =>
        auth.validateAccessTokenAndGetUserWithOrgInfo(header, { orgId: id, orgName: `${info?.orgName}.` }, options),
      ),
      no_org: outcome(() => auth.validateAccessTokenAndGetUserWithOrgInfo(header, {}, options)),
    };
  }

  function aboutUser(user, { properties }) {
    return {
      is_impersonated: user.isImpersonating(),
      get_active_org_id: user.getActiveOrgId() ?? null,
      get_active_org: user.getActiveOrg() ?? null,
      get_orgs: user.getOrgs().map((org) => org.orgId),
      org_map_keys: user.orgIdToOrgMemberInfo === undefined ? null : Object.keys(user.orgIdToOrgMemberInfo),
      get_user_property: properties.map((name) => [name, user.getUserProperty(name) ?? null]),
    };
  }

  return answer;
}
