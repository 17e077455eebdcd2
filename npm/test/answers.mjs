// Answers a question of `tests/platforms/javascript/corpora.rs`. Every runtime imports this with its own package.

const { hasOwn } = Object;

/** Runs a function from question to answer, both JSON. */
export function answerer({ AuthError, Verifier }) {
  const verifiers = new Map();

  function verifier({ verifierKey, issuer }) {
    const name = JSON.stringify([verifierKey, issuer]);
    if (!verifiers.has(name)) verifiers.set(name, new Verifier({ verifierKey, issuer }));
    return verifiers.get(name);
  }

  /** Returns the function's result, or an exception that is meant for the package's users. */
  function outcome(run) {
    try {
      return run();
    } catch (error) {
      if (!(error instanceof AuthError)) throw error;
      const { name, status, code, claim, message, reason, wwwAuthenticate } = error;
      return { refused: { name, status, code, claim, message, reason, wwwAuthenticate } };
    }
  }

  function accepted(user) {
    return { user, times: [user.issuedAt, user.expiresAt].map((time) => time.getTime() / 1000) };
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
      return outcome(() => accepted(auth.validateAccessTokenAndGetUser(question.header, options)));
    }
    if (!hasOwn(question, "token")) return { verifier: null };
    if (hasOwn(question, "overflows")) return overflow(auth, question, options);
    const validated = outcome(() => accepted(auth.validateAccessToken(question.token, options)));
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
        // For plain membership there is another method.
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

  /** Calls near the end of the stack, and on the way back up, at every power of two, until one returns. */
  function overflow(auth, { verifierKey, issuer, token, overflows }, options) {
    let failures = 0;
    let returned = 0;
    for (let i = 0; i < overflows; i += 1) {
      const call =
        i % 4 === 0 ? () => new Verifier({ verifierKey, issuer }) : () => auth.validateAccessToken(token, options);
      let isReady = false;
      let level = 0;
      const descend = () => {
        try {
          descend();
        } catch {
          failures += 1;
        }
        level += 1;
        if (isReady || (level & (level - 1)) !== 0) return;
        call();
        isReady = true;
        returned += 1;
      };
      descend();
    }
    return { overflowed: failures > overflows, returned, user: auth.validateAccessToken(token, options) };
  }

  /** Counts objects in the value with a prototype. */
  function prototypes(value) {
    if (typeof value !== "object" || value === null) return 0;
    const own = Array.isArray(value) || Object.getPrototypeOf(value) === null ? 0 : 1;
    return Object.values(value).reduce((sum, member) => sum + prototypes(member), own);
  }

  function aboutUser(user, { properties }) {
    const orgs = user.getOrgs();
    return {
      prototypes:
        prototypes(user.properties) +
        orgs.reduce((sum, org) => sum + prototypes(org.orgMetadata), 0) +
        Number(Object.getPrototypeOf(user.orgIdToOrgMemberInfo ?? Object.create(null)) !== null),
      is_impersonated: user.isImpersonating(),
      get_active_org_id: user.getActiveOrgId() ?? null,
      get_active_org: user.getActiveOrg() ?? null,
      get_orgs: orgs.map((org) => org.orgId),
      org_map_keys: user.orgIdToOrgMemberInfo === undefined ? null : Object.keys(user.orgIdToOrgMemberInfo),
      get_user_property: properties.map((name) => [name, user.getUserProperty(name) ?? null]),
    };
  }

  return answer;
}
