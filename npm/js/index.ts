export { ForbiddenError, UnauthorizedError, type ForbiddenCode, type UnauthorizedCode } from "./errors.js";
export { OrgMemberInfo, User, type LoginMethod, type OrgRoleStructure } from "./user.js";
export type {
  AuthorizationHeader,
  RequiredOrgInfo,
  UserAndOrgMemberInfo,
  ValidationOptions,
  VerifierOptions,
} from "./verifier.js";
