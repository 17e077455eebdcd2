// Middleware for Hono. Imports only its types.
import type { Context, Env, MiddlewareHandler } from "hono";

import { AuthError } from "./errors.js";
import type { OrgMemberInfo, User } from "./user.js";
import { BaseVerifier, findOrg, type RequiredOrgInfo } from "./verifier.js";

/** The variables that {@link requireUser} sets: `new Hono<UserEnv>()`. */
export interface UserEnv {
  Variables: { user: User };
}

/** The variables that {@link requireOrg} sets and requires. */
export interface OrgEnv {
  Variables: { user: User; org: OrgMemberInfo };
}

export interface RequireUserOptions<E extends Env> {
  /**
   * Returns the access token of a request, such as the value of a cookie; `undefined` or an empty string rejects it with
   * 401. Defaults to the token in the `Authorization` header.
   */
  token?: ((context: Context<E>) => string | undefined) | undefined;
  /**
   * Returns the response to a rejected request, to which the `WWW-Authenticate` header is added. Defaults to the
   * error's `message` as text.
   */
  onRefusal?: ((error: AuthError, context: Context<E>) => Response | Promise<Response>) | undefined;
}

export interface OrgRequirement<E extends Env = Env> {
  /**
   * Returns the org that the request is about; `undefined` rejects it with 403. Defaults to the org whose id is the path
   * parameter `orgId`; a path without it is an error in the program.
   */
  org?: (context: Context<E>) => RequiredOrgInfo | undefined;
  /** A role that the user must have, or one that inherits it. */
  minimumRole?: string;
  /** The exact role that the user must have. */
  exactRole?: string;
  permission?: string;
  permissions?: readonly string[];
}

/** The verifier of a request's user, and the response to a refusal. */
interface Door {
  verifier: BaseVerifier;
  refuse: (error: AuthError) => Response | Promise<Response>;
}

const doors = new WeakMap<User, Door>();

/**
 * Lets requests with a valid token through and sets `user`. Rejects others with 401 and `WWW-Authenticate`.
 *
 * Takes a `Verifier`, or a function that creates one from the context, for settings that come with the first request.
 * The function is called until it returns one, which is then kept. Its exceptions go to the app's `onError`, which by
 * default logs them and responds with 500.
 *
 * Put CORS middleware before this: preflight requests have no token.
 */
export function requireUser<E extends Env = Env>(
  verifier: BaseVerifier | ((context: Context<E>) => BaseVerifier),
  options: RequireUserOptions<E> = {},
): MiddlewareHandler<E & UserEnv> {
  checkOptions(options);
  const { token, onRefusal } = options;
  let kept = verifier instanceof BaseVerifier ? verifier : undefined;
  if (kept === undefined && typeof verifier !== "function") throw new TypeError("requireUser needs a Verifier");
  return async (context, next) => {
    const seen = context as unknown as Context<E>;
    const verifies = (kept ??= (verifier as (context: Context<E>) => BaseVerifier)(seen));
    const refuse = async (error: AuthError) => {
      const response = await (onRefusal?.(error, seen) ?? context.text(error.message, error.status));
      const headers = new Headers(response.headers);
      headers.set("WWW-Authenticate", error.wwwAuthenticate);
      return new Response(response.body, { status: response.status, headers });
    };
    let user: User;
    try {
      user = token
        ? verifies.validateAccessToken(token(seen))
        : verifies.validateAccessTokenAndGetUser(context.req.header("Authorization"));
    } catch (error) {
      if (error instanceof AuthError) return refuse(error);
      throw error;
    }
    doors.set(user, { verifier: verifies, refuse });
    context.set("user", user);
    return next();
  };
}

/**
 * Lets requests of members through who have the required role and permissions, and sets `org`. Rejects others with 403.
 * Put it after {@link requireUser}.
 */
export function requireOrg<E extends Env = Env>(requirement: OrgRequirement<E> = {}): MiddlewareHandler<E & OrgEnv> {
  checkRequirement(requirement);
  const { minimumRole, exactRole, permission, permissions = [] } = requirement;
  const all = permission === undefined ? permissions : [permission, ...permissions];
  return async (context, next) => {
    const user: User | undefined = context.get("user");
    const door = user && doors.get(user);
    if (user === undefined || door === undefined) throw new Error("requireOrg has no requireUser before it");
    const { verifier, refuse } = door;
    const wanted = requirement.org ? requirement.org(context as unknown as Context<E>) : orgOfPath(context);
    // A promise, for example. An id that is `undefined` may come from the request.
    if (wanted && !("orgId" in wanted || "orgName" in wanted)) {
      throw new TypeError("requireOrg: the function `org` returned neither an `orgId` nor an `orgName`");
    }
    const org = wanted && findOrg(user, wanted);
    if (org === undefined) return refuse(verifier.forbidden("NotMemberOfOrg"));
    if (
      (minimumRole !== undefined && !org.isAtLeastRole(minimumRole)) ||
      (exactRole !== undefined && !org.isRole(exactRole))
    ) {
      return refuse(verifier.forbidden("MissingRole"));
    }
    if (!org.hasAllPermissions(all)) return refuse(verifier.forbidden("MissingPermission"));
    context.set("org", org);
    return next();
  };
}

/** A misspelled option must not leave the default. */
function checkOptions(options: object): void {
  for (const [name, value] of Object.entries(options)) {
    const isValid = ["token", "onRefusal"].includes(name) && (value === undefined || typeof value === "function");
    if (!isValid) throw new TypeError(`requireUser: ${name} is not an option, or not a function`);
  }
}

/** A misspelled or missing requirement must not let everyone in. */
function checkRequirement(requirement: object): void {
  for (const [name, value] of Object.entries(requirement)) {
    const isValid =
      name === "org"
        ? typeof value === "function"
        : name === "permissions"
          ? Array.isArray(value) && value.every((permission) => typeof permission === "string")
          : ["minimumRole", "exactRole", "permission"].includes(name) && typeof value === "string";
    if (!isValid) throw new TypeError(`requireOrg: ${name} is not a requirement, or not of its type`);
  }
}

function orgOfPath(context: { req: { param(name: string): string | undefined } }): RequiredOrgInfo {
  const orgId = context.req.param("orgId");
  if (orgId === undefined) throw new Error("requireOrg needs a path with `:orgId`, or a function `org`");
  return { orgId };
}
