// examples/lambda on the Lambda runtime API that `cargo lambda watch` emulates, with the events of aws_lambda_events.
// FUNCTIONS is the folder of the functions, EVENTS that of the events.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { freePort, listening, run, stopAll } from "../server.mjs";
import { ISSUER, ORG, USER, bearer, file, forge } from "../tokens.mjs";

const { FUNCTIONS, EVENTS } = process.env;
const EXAMPLE = new URL("../../../examples/lambda/", import.meta.url);
const SETTINGS = {
  PROPELAUTH_ISSUER: "https://auth.12345.propelauthtest.com",
  PROPELAUTH_VERIFIER_KEY: file("keys/rsa2048_b.pem"),
  // The tokens' issuer and key: the project moves to another domain and rotates its key.
  PROPELAUTH_ADDITIONAL_ISSUER: ISSUER,
  PROPELAUTH_ADDITIONAL_VERIFIER_KEY: file("keys/rsa2048.pem"),
};
const OTHER_ORG = ORG.replace("1", "2");

const event = (name) => JSON.parse(readFileSync(`${EVENTS}/example-apigw-${name}.json`, "utf8"));

after(stopAll);

/** Starts a function as Lambda does, with this runtime API. */
function start(binary, settings, api) {
  return run(`${FUNCTIONS}/${binary}`, [], {
    ...settings,
    AWS_LAMBDA_RUNTIME_API: api,
    AWS_LAMBDA_FUNCTION_NAME: binary,
    AWS_LAMBDA_FUNCTION_VERSION: "1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "128",
  });
}

/** Starts a function with these settings on its own runtime API. Returns its log, and a way to invoke it. */
async function serve(binary, settings) {
  const port = await freePort();
  const address = ["--invoke-address", "127.0.0.1", "--invoke-port", String(port)];
  await listening(port, "cargo", ["lambda", "watch", "--only-lambda-apis", ...address], process.env, EXAMPLE);
  const { log } = start(binary, settings, `http://127.0.0.1:${port}/.rt/${binary}`);
  const invoke = async (event) => {
    const options = { method: "POST", body: JSON.stringify(event), signal: AbortSignal.timeout(30_000) };
    return (await fetch(`http://127.0.0.1:${port}/2015-03-31/functions/${binary}/invocations`, options)).json();
  };
  return { log, invoke };
}

test("API function: statuses, challenges and bodies", async () => {
  const { log, invoke } = await serve("api", SETTINGS);
  const good = bearer();
  const ask = async (base, path, authorization) => {
    const request = event(base);
    request.headers = authorization === undefined ? {} : { authorization };
    if (base === "request") {
      Object.assign(request, { path, resource: path, multiValueHeaders: {} });
      for (const [name, value] of Object.entries(request.headers)) request.multiValueHeaders[name] = [value];
      request.requestContext.path = path;
    } else {
      request.rawPath = path;
      request.requestContext.http.path = path;
      request.requestContext.stage = "$default";
    }
    const { statusCode, headers, multiValueHeaders, body } = await invoke(request);
    const challenge = headers["www-authenticate"] ?? multiValueHeaders["www-authenticate"]?.[0] ?? null;
    return [statusCode, challenge, body];
  };
  for (const base of ["request", "v2-request-no-authorizer"]) {
    const [status, challenge, body] = await ask(base, "/whoami", good);
    assert.deepEqual([status, challenge, JSON.parse(body).user_id], [200, null, USER]);
    const invalid = [401, 'Bearer error="invalid_token"', "Invalid access token"];
    const scope = 'Bearer error="insufficient_scope"';
    for (const [path, authorization, expected] of [
      ["/whoami", undefined, [401, "Bearer", "No authorization header found"]],
      ["/whoami", "Basic dTpw", [401, "Bearer", "Invalid authorization header. Expected: Bearer {accessToken}"]],
      ["/whoami", forge(good), invalid],
      ["/whoami", bearer(-120), invalid],
      [`/org/${OTHER_ORG}/billing`, good, [403, scope, "User is not a member of org"]],
      [`/org/${ORG}/admin`, good, [403, scope, "User doesn't have required role"]],
    ]) {
      assert.deepEqual(await ask(base, path, authorization), expected, `${base} ${path}`);
    }
    for (const path of [`/org/${ORG}`, `/org/${ORG}/billing`]) {
      const [status, , body] = await ask(base, path, good);
      assert.deepEqual([status, JSON.parse(body).org_name], [200, "Acme"], `${base} ${path}`);
    }
  }
  assert.match(log.join(""), /"error.code":"InvalidSignature"/);
  assert.match(log.join(""), /"error.code":"MissingHeader"/);
  assert.match(log.join(""), /"error.code":"NotMemberOfOrg"/);
  assert.doesNotMatch(log.join(""), /panicked/);
});

/** The formats of authorizers: how a header is passed, and the results for yes and no. */
const withHeaders = (name) => (authorization) => {
  const request = event(name);
  request.headers = { ...request.headers, ...(authorization === undefined ? {} : { Authorization: authorization }) };
  if (request.multiValueHeaders && authorization !== undefined) request.multiValueHeaders.Authorization = [authorization];
  return request;
};
const policy = (effect, arn) => ({
  Version: "2012-10-17",
  Statement: [{ Action: ["execute-api:Invoke"], Effect: effect, Resource: [arn] }],
});
const byPolicy = (yes, request) => ({ principalId: USER, policyDocument: policy(yes ? "Allow" : "Deny", request.methodArn) });
// The sample's ARN has `*` as the stage, which requests never have and policies never allow.
const methodArn = event("custom-auth-request").methodArn.replace("/*/", "/prod/");
const FORMATS = {
  TOKEN: [(authorizationToken) => ({ ...event("custom-auth-request"), methodArn, authorizationToken }), byPolicy],
  REQUEST: [withHeaders("custom-auth-request-type-request"), byPolicy],
  "payload 1.0": [withHeaders("v2-custom-authorizer-v1-request"), byPolicy],
  "payload 2.0": [withHeaders("v2-custom-authorizer-v2-request"), (yes) => ({ isAuthorized: yes })],
};

test("authorizer: every format", async () => {
  const anybody = await serve("authorizer", SETTINGS);
  const member = await serve("authorizer", { ...SETTINGS, REQUIRED_ORG: ORG });
  const stranger = await serve("authorizer", { ...SETTINGS, REQUIRED_ORG: OTHER_ORG });
  const good = bearer();
  const { iat, exp } = JSON.parse(Buffer.from(good.split(".")[1], "base64url"));
  const user = { user_id: USER, email: "ada@example.com", issued_at: iat, expires_at: exp };
  const inOrg = { ...user, org_id: ORG, user_assigned_role: "Member" };
  const refused = { ...user, message: "User is not a member of org" };
  for (const [format, [request, answer]] of Object.entries(FORMATS)) {
    for (const [{ invoke }, yes, context] of [[anybody, true, user], [member, true, inOrg], [stranger, false, refused]]) {
      const { usageIdentifierKey, ...got } = await invoke(request(good));
      assert.deepEqual(got, { ...answer(yes, request(good)), context }, format);
    }
    // API Gateway turns exactly "Unauthorized" into 401.
    for (const header of [undefined, "", "allow", "Bearer a.b.c", forge(good), bearer(-120)]) {
      for (const { invoke } of [anybody, member, stranger]) {
        assert.equal((await invoke(request(header))).errorMessage, "Unauthorized", `${format}: ${header}`);
      }
    }
  }
  const refusals = (log) => log.join("").split("\n").filter((line) => line.startsWith("{")).map(JSON.parse);
  assert.deepEqual(
    [...new Set(refusals(anybody.log).map((line) => line["error.code"]))].sort(),
    ["Expired", "InvalidSignature", "MalformedHeader", "MalformedToken", "MissingHeader"],
  );
  const { level, message, "propelauth.issuer": one, "propelauth.additional_issuer": other } = refusals(anybody.log)[0];
  assert.deepEqual([level, message, one, other], ["INFO", "refused a request", SETTINGS.PROPELAUTH_ISSUER, ISSUER]);
  assert.ok(refusals(stranger.log).some((line) => line["error.code"] === "NotMemberOfOrg"));
  assert.ok(!anybody.log.join("").includes(good.split(".")[2].slice(0, 20)));
  assert.doesNotMatch(anybody.log.join(""), /panicked/);
});

test("without usable settings no function starts", async () => {
  for (const [settings, reason] of [
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: undefined }, "PROPELAUTH_VERIFIER_KEY is not set"],
    [{ ...SETTINGS, PROPELAUTH_ISSUER: undefined }, "PROPELAUTH_ISSUER is not set"],
    [{ ...SETTINGS, PROPELAUTH_ISSUER: "" }, "the issuer is empty"],
    [{ ...SETTINGS, PROPELAUTH_VERIFIER_KEY: "x" }, "the verifier key does not begin with"],
    [{ ...SETTINGS, PROPELAUTH_ADDITIONAL_VERIFIER_KEY: "" }, "PROPELAUTH_ADDITIONAL_VERIFIER_KEY: the verifier key is empty"],
    [{ ...SETTINGS, PROPELAUTH_ADDITIONAL_ISSUER: "" }, "PROPELAUTH_ADDITIONAL_ISSUER: the issuer is empty"],
  ]) {
    for (const binary of ["api", "authorizer"]) {
      const { log, exit } = start(binary, settings, "http://127.0.0.1:1");
      assert.notEqual(await exit, 0);
      assert.ok(log.join("").includes(reason), log.join(""));
      assert.doesNotMatch(log.join(""), /panicked/);
    }
  }
  // Node cannot pass invalid UTF-8, so `sh` does.
  for (const [org, reason] of [["", "the org's id is empty"], ["\\377", "environment variable was not valid unicode"]]) {
    const { log, exit } = run("sh", ["-c", `REQUIRED_ORG=$(printf '${org}') exec "$0"`, `${FUNCTIONS}/authorizer`], {
      ...SETTINGS, AWS_LAMBDA_RUNTIME_API: "http://127.0.0.1:1",
    });
    assert.notEqual(await exit, 0);
    assert.ok(log.join("").includes(`REQUIRED_ORG: ${reason}`), log.join(""));
  }
});
