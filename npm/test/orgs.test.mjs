// A user with many orgs, which the engine returns only on access.
import assert from "node:assert/strict";
import { sign } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";

import { OrgMemberInfo, Verifier } from "propelauth-edge";

import { bearer, file, ISSUER } from "../../tests/platforms/tokens.mjs";

const auth = new Verifier({ verifierKey: file("keys/rsa2048.pem"), issuer: ISSUER });

const entry = (id, changes = {}) => ({
  org_id: id,
  org_name: `Org "${id}" é`,
  url_safe_org_name: `org-${id}`,
  org_metadata: { id, nested: [{}] },
  org_role_structure: "multi_role",
  user_role: "Member",
  inherited_user_roles_plus_current_role: ["Member"],
  user_permissions: ["billing::view", `only::${id}`],
  additional_roles: ["Support"],
  ...changes,
});
const header = (entries) =>
  bearer(300, undefined, { org_id_to_org_member_info: Object.fromEntries(entries.map((org) => [org.org_id, org])) });
const userOf = (entries) => auth.validateAccessTokenAndGetUser(header(entries));
const entries = (count, prefix = "o") => Array.from({ length: count }, (_, i) => entry(`${prefix}${i}`));

const MANY = 60;
const another = () => userOf(entries(MANY + 7, "other-"));

/** Returns an org's entry in a token as an `OrgMemberInfo`. */
function expected(org) {
  return {
    orgId: org.org_id,
    orgName: org.org_name,
    orgMetadata: org.org_metadata,
    urlSafeOrgName: org.url_safe_org_name,
    orgRoleStructure: org.org_role_structure,
    userAssignedRole: org.user_role,
    userInheritedRolesPlusCurrentRole: org.inherited_user_roles_plus_current_role,
    userPermissions: org.user_permissions,
    userAssignedAdditionalRoles: org.additional_roles,
  };
}
const plain = (value) => JSON.parse(JSON.stringify(value));

test("a user of any number of orgs has them, and has the same members", () => {
  const names = Object.keys(userOf(entries(1)));
  assert.equal(names[1], "orgIdToOrgMemberInfo");
  for (const count of [0, 1, 2, 3, 5, 8, 9, 10, 11, 12, 13, 20, MANY, 400]) {
    const orgs = entries(count);
    const user = userOf(orgs);
    assert.deepEqual(Object.keys(user), names);
    for (const org of orgs.toReversed().slice(0, 20)) {
      assert.deepEqual(plain(user.getOrg(org.org_id)), expected(org));
      assert.ok(user.hasPermission(org.org_id, `only::${org.org_id}`));
      assert.ok(!user.hasPermission(org.org_id, "only::other"));
      assert.ok(user.isRole(org.org_id, "Support") && !user.isRole(org.org_id, "Admin"));
    }
    assert.deepEqual(plain(user.getOrgs()), orgs.map(expected));
    assert.deepEqual(
      plain(user).orgIdToOrgMemberInfo,
      Object.fromEntries(orgs.map((org) => [org.org_id, expected(org)])),
    );
    assert.equal(user.getOrg("nowhere"), undefined);
    assert.equal(user.getOrgByName("nowhere"), undefined);
  }
});

test("orgs are those of the user's own token after another one was verified", () => {
  const questions = [
    (user) => user.getOrg("o7"),
    (user) => user.getOrgByName(entry("o8").org_name),
    (user) => user.getOrgs(),
    (user) => user.orgIdToOrgMemberInfo,
    (user) => user.getActiveOrg(),
    (user) => user.isAtLeastRole("o59", "Member"),
    (user) => user.getOrg("other-1"),
    (user) => user,
  ];
  for (const question of questions) {
    const undisturbed = inspect(plain(question(userOf(entries(MANY))) ?? null), { depth: 9 });
    const user = userOf(entries(MANY));
    const other = another();
    assert.throws(() => auth.validateAccessTokenAndGetUser("Bearer e30.e30."), { code: "MalformedToken" });
    assert.equal(other.getOrg("other-3").orgId, "other-3");
    assert.throws(() => new Verifier({ verifierKey: "", issuer: ISSUER }));
    // Twice, with yet another user's orgs in between.
    for (const _ of [1, 2]) {
      assert.equal(inspect(plain(question(user) ?? null), { depth: 9 }), undisturbed);
      assert.equal(another().getOrgs().length, MANY + 7);
    }
    assert.equal(other.getOrg("o7"), undefined);
  }
});

test("an org is one object, whichever way it is asked for", () => {
  const user = userOf(entries(MANY));
  const org = user.getOrg("o5");
  assert.ok(org instanceof OrgMemberInfo);
  assert.equal(user.getOrg("o5"), org);
  assert.equal(user.getOrgByName(org.orgName), org);
  assert.equal(user.getOrgs()[5], org);
  assert.equal(user.orgIdToOrgMemberInfo.o5, org);
  assert.equal(user.orgIdToOrgMemberInfo, user.orgIdToOrgMemberInfo);
  assert.equal(user.getOrg("o6"), user.orgIdToOrgMemberInfo.o6);
  assert.notEqual(user.getOrgs(), user.getOrgs());
});

test("the order is that of the token, and a name is that of its first org", () => {
  const ids = ["b", "7", "a", ...entries(MANY).map((org) => org.org_id), "3"];
  // Written by hand: an object would put 3 and 7 first.
  const map = ids.map((id) => `"${id}":${JSON.stringify(entry(id, { org_name: "Twin" }))}`).join(",");
  const [head, payload] = bearer(300, undefined, { org_id_to_org_member_info: "MAP" }).slice("Bearer ".length).split(".");
  const text = Buffer.from(payload, "base64url").toString().replace('"MAP"', `{${map}}`);
  const input = `${head}.${Buffer.from(text).toString("base64url")}`;
  const signature = sign("sha256", Buffer.from(input), file("keys/private/rsa2048.pem")).toString("base64url");
  const user = auth.validateAccessToken(`${input}.${signature}`);
  assert.equal(user.getOrgByName("Twin").orgId, "b");
  assert.deepEqual(
    user.getOrgs().map((org) => org.orgId),
    ids,
  );
});

test("copies have all orgs", () => {
  const orgs = entries(MANY);
  const all = Object.fromEntries(orgs.map((org) => [org.org_id, expected(org)]));
  for (const copy of [(user) => ({ ...user }), structuredClone, plain, (user) => Object.assign({}, user)]) {
    assert.deepEqual(plain(copy(userOf(orgs)).orgIdToOrgMemberInfo), all);
  }
  assert.ok(!inspect(userOf(orgs)).includes("Getter"));
  assert.match(inspect(userOf(orgs)), /^User \{\n {2}userId:/);
  const frozen = Object.freeze(userOf(orgs));
  assert.equal(frozen.getOrg("o1").orgId, "o1");
  assert.deepEqual(plain(frozen.orgIdToOrgMemberInfo), all);
  assert.equal(frozen.orgIdToOrgMemberInfo, frozen.orgIdToOrgMemberInfo);
});

test("what every object has is no org, and no org's object has a prototype", () => {
  const user = userOf([...entries(MANY), entry("constructor"), entry("\ufffd")]);
  for (const name of ["__proto__", "toString", "hasOwnProperty", "", "\ud800", "o1\0", "o".repeat(1 << 19)]) {
    assert.equal(user.getOrg(name), undefined, name.slice(0, 20));
    assert.equal(user.getOrgByName(name), undefined);
    assert.equal(user.isRole(name, "Member"), false);
  }
  assert.equal(user.getOrg("constructor").orgId, "constructor");
  assert.equal(user.getOrg("\ufffd").orgId, "\ufffd");
  const { orgMetadata } = user.getOrg("o2");
  for (const object of [orgMetadata, orgMetadata.nested[0], user.orgIdToOrgMemberInfo]) {
    assert.equal(Object.getPrototypeOf(object), null);
  }
});

test("an id or a name that is no string is a mistake of the program", () => {
  const user = userOf(entries(MANY));
  for (const mistake of [["o1"], 1, {}, new String("o1"), true]) {
    assert.throws(() => user.getOrg(mistake), TypeError);
    assert.throws(() => user.getOrgByName(mistake), TypeError);
    assert.throws(() => user.hasPermission(mistake, "billing::view"), TypeError);
  }
  for (const none of [undefined, null]) assert.equal(user.getOrg(none) ?? user.getOrgByName(none), undefined);
});

test("a check of an org finds the org among many", () => {
  const asked = header(entries(MANY));
  const check = (orgId, permission) =>
    auth.validateAccessTokenAndGetUserWithOrgInfoWithPermission(asked, { orgId }, permission).orgMemberInfo.orgId;
  assert.equal(check("o33", "only::o33"), "o33");
  assert.throws(() => check("o33", "only::o34"), { code: "MissingPermission" });
  assert.throws(() => check("nowhere", "billing::view"), { code: "NotMemberOfOrg" });
});
