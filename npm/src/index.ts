export { AuthError, ForbiddenError, UnauthorizedError, type ForbiddenCode, type UnauthorizedCode } from "./errors.js";
export type { PreparedVerifier } from "./prepared.js";
export { OrgMemberInfo, User, type JsonObject, type LoginMethod, type OrgRoleStructure } from "./user.js";
export type {
  AuthorizationHeader,
  RequiredOrgInfo,
  UserAndOrgMemberInfo,
  ValidationOptions,
  VerifierOptions,
} from "./verifier.js";
