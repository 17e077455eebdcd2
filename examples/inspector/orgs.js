// Shows a user's orgs in a searchable table, and checks that the crate answers.
import { byId, element } from "./dom.js";
import { ask } from "./engine.js";

const COLUMNS = ["Org", "Roles", "Permissions"];
const fields = { org: byId("ask-org"), role: byId("ask-role"), permission: byId("ask-permission") };

export function showOrgs(user) {
  byId("orgs").hidden = user === null;
  const orgs = Object.values(user?.org_id_to_org_member_info ?? {});
  byId("rows").replaceChildren(...orgs.map(row));
  options(
    "known-orgs",
    orgs.map(({ org_id, org_name }) => [org_id, org_name]),
  );
  options("known-roles", unique(orgs.flatMap(roles)));
  options("known-permissions", unique(orgs.flatMap(({ user_permissions }) => user_permissions)));
  filterRows();
  question();
}

const roles = (org) => [
  org.user_assigned_role,
  ...org.assigned_additional_roles,
  ...org.user_inherited_roles_plus_current_role,
];

const unique = (names) => [...new Set(names)].sort().map((name) => [name]);

function options(list, entries) {
  byId(list).replaceChildren(
    ...entries.map(([value, label]) => element("option", label === undefined ? { value } : { value, label })),
  );
}

function row(org) {
  const inherited = org.user_inherited_roles_plus_current_role.filter((role) => role !== org.user_assigned_role);
  const cells = [
    [org.org_name, note("code", org.org_id)],
    [
      names([org.user_assigned_role, ...org.assigned_additional_roles]),
      ...(inherited.length > 0 ? [note("", `inherits ${inherited.join(", ")}`)] : []),
      ...(org.org_role_structure === "single_role_in_hierarchy" ? [] : [note("", org.org_role_structure)]),
    ],
    [org.user_permissions.length > 0 ? names(org.user_permissions) : note("", "none")],
  ];
  // On a narrow screen, these are not displayed as a table and would lose their roles.
  return element(
    "tr",
    { role: "row" },
    ...cells.map((children, column) =>
      element(
        column === 0 ? "th" : "td",
        {
          role: column === 0 ? "rowheader" : "cell",
          "data-column": COLUMNS[column],
          ...(column === 0 && { scope: "row" }),
        },
        ...children,
      ),
    ),
  );
}

const note = (name, text) => element("small", { class: name }, text);
const names = (list) =>
  element("span", { class: "names" }, ...list.flatMap((name) => [element("span", {}, name), " "]));

function filterRows() {
  const wanted = byId("filter").value.trim().toLowerCase();
  const rows = [...byId("rows").children];
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
  const shown = rows.filter((row) => !row.hidden).length;
  byId("count").textContent = shown === rows.length ? `${shown}` : `${shown} of ${rows.length}`;
}

/** Asks about the user that the module verified last. */
function question() {
  const [org, role, permission] = Object.values(fields).map(({ value }) => value.toWellFormed());
  const items = org === "" || byId("orgs").hidden ? [] : ask({ check: { org, role, permission } });
  byId("answers").replaceChildren(
    ...items.map(({ call, granted, forbidden }) =>
      element(
        "li",
        { class: granted ? "granted" : "denied" },
        element("strong", {}, granted ? "Yes" : "No"),
        element("code", {}, call),
        ...(forbidden === null ? [] : [element("small", {}, forbidden)]),
      ),
    ),
  );
}

byId("filter").addEventListener("input", filterRows);
for (const field of Object.values(fields)) field.addEventListener("input", question);
