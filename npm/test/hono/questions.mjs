// Questions to the Hono program, and the expected answers.
import assert from "node:assert/strict";

import { bearer, file, forge, ISSUER, ORG, USER } from "../../../tests/platforms/tokens.mjs";

export const ENVIRONMENT = { PROPELAUTH_VERIFIER_KEY: file("keys/rsa2048.pem"), PROPELAUTH_ISSUER: ISSUER };

/** `ask` takes a path and what `fetch` takes, and promises a `Response`. */
export async function check(ask) {
  const header = bearer();
  const of = async (path, authorization, options = {}) => {
    const headers = { origin: "https://app.example.com", ...options.headers };
    if (authorization !== undefined) headers.authorization = authorization;
    const response = await ask(path, { ...options, headers });
    return [response.status, await response.text(), response.headers.get("www-authenticate"), response.headers];
  };
  const answers = async (path, authorization, status, text, wwwAuthenticate = null) => {
    const answer = await of(path, authorization);
    assert.deepEqual(answer.slice(0, 2), [status, text], path);
    if (wwwAuthenticate instanceof RegExp) assert.match(answer[2], wwwAuthenticate, path);
    else assert.equal(answer[2], wwwAuthenticate, path);
    // Headers from other middleware remain, so that a page may read the refusal. Hono's error handler drops them.
    if (status !== 500) assert.equal(answer[3].get("access-control-allow-origin"), "https://app.example.com", path);
  };

  await answers("/api/whoami", header, 200, USER);
  await answers(`/api/orgs/${ORG}`, header, 200, "Acme");
  await answers(`/api/orgs/${ORG}/bill`, header, 200, "Acme");
  await answers(`/api/orgs/${ORG}/member`, header, 200, "member");
  await answers("/api/named/Acme", header, 200, "named");

  for (const refused of ["/api/whoami", `/api/orgs/${ORG}/bill`, "/api/no-param"]) {
    await answers(refused, undefined, 401, "No authorization header found", "Bearer");
    await answers(refused, forge(header), 401, "Invalid access token", /^Bearer error="invalid_token"/);
    await answers(refused, bearer(-61), 401, "Invalid access token", /^Bearer error="invalid_token"/);
    const malformed = "Invalid authorization header. Expected: Bearer {accessToken}";
    await answers(refused, header.slice("Bearer ".length), 401, malformed, "Bearer");
  }
  const FORBIDDEN = /^Bearer error="insufficient_scope"/;
  await answers("/api/orgs/other/bill", header, 403, "User is not a member of org", FORBIDDEN);
  await answers("/api/named/Other", header, 403, "User is not a member of org", FORBIDDEN);
  await answers(`/api/unknown/${ORG}`, header, 403, "User is not a member of org", FORBIDDEN);
  await answers("/api/optional", header, 403, "User is not a member of org", FORBIDDEN);
  await answers("/api/orgs/__proto__", header, 403, "User is not a member of org", FORBIDDEN);
  await answers(`/api/orgs/${ORG}/settings`, header, 403, "User doesn't have required role", FORBIDDEN);
  await answers(`/api/orgs/${ORG}/pay`, header, 403, "User doesn't have required permission", FORBIDDEN);

  await answers(`/json/orgs/${ORG}`, header, 403, '{"error":"MissingRole"}', FORBIDDEN);
  await answers(`/json/orgs/${ORG}`, undefined, 401, '{"error":"MissingHeader"}', "Bearer");

  const INVALID = 'Bearer error="invalid_token"';
  for (const [cookie, authorization, expected] of [
    [`x=y; t=${header.slice("Bearer ".length)}`, undefined, [200, USER, null]],
    [`t=${forge(header).slice("Bearer ".length)}`, header, [401, "Invalid access token", INVALID]],
    [`t=${encodeURIComponent(header)}`, undefined, [401, "Invalid access token", INVALID]],
    ["t=", header, [401, "No access token found", "Bearer"]],
    ["x=y", header, [401, "No access token found", "Bearer"]],
  ]) {
    const answer = await of("/cookie/whoami", authorization, { headers: { cookie } });
    assert.deepEqual(answer.slice(0, 3), expected, cookie);
  }

  // Server-side errors, on every request, whatever the token.
  for (const path of ["/broken/whoami", "/broken/whoami", "/no-user/other"]) {
    for (const authorization of [header, undefined]) await answers(path, authorization, 500, "Internal Server Error");
  }
  for (const path of ["/api/no-param", `/api/promised/${ORG}`, "/promised/whoami"]) {
    await answers(path, header, 500, "Internal Server Error");
  }

  const [status, , , headers] = await of("/api/whoami", undefined, {
    method: "OPTIONS",
    headers: { "access-control-request-method": "GET" },
  });
  assert.deepEqual([status, headers.get("access-control-allow-origin")], [204, "https://app.example.com"]);
}
