const { AuthError, Verifier } = require("propelauth-edge");

const answers = JSON.parse(process.env.QUESTIONS).map(({ verifierKey, issuer, header }) => {
  try {
    return new Verifier({ verifierKey, issuer }).validateAccessTokenAndGetUser(header).userId;
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    return `${error.status} ${error.code}`;
  }
});
console.log(JSON.stringify(answers));
