import { AuthError, Verifier } from "propelauth-edge";

export function answer({ verifierKey, issuer, header }) {
  try {
    return new Verifier({ verifierKey, issuer }).validateAccessTokenAndGetUser(header).userId;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return `${error.status} ${error.code}`;
  }
}
