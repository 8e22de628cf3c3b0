// @azure/arm-authorization: role definitions and assignments.
const { randomUUID } = require("node:crypto");
const {
  AuthorizationManagementClient,
} = require("@azure/arm-authorization");
const common = require("./common.cjs");

const client = new AuthorizationManagementClient(
  common.credential(),
  process.env.TEST_SUBSCRIPTION,
);

async function definitions(scope, role) {
  const list = [];
  for await (const each of client.roleDefinitions.list(scope, {
    filter: `roleName eq '${role}'`,
  }))
    list.push(each);
  return list;
}

common.main({
  async definition({ scope, role }) {
    const found = await definitions(scope, role);
    return {
      count: found.length,
      id: found[0]?.id ?? null,
      name: found[0]?.roleName ?? null,
    };
  },
  async assign({ scope, role, principal, condition }) {
    const [found] = await definitions(scope, role);
    const made = await client.roleAssignments.create(scope, randomUUID(), {
      roleDefinitionId: found.id,
      principalId: principal,
      principalType: "ServicePrincipal",
      condition,
      conditionVersion: condition && "2.0",
    });
    return {
      id: made.id,
      name: made.name,
      principal: made.principalId,
      condition: made.condition,
    };
  },
  async assignments({ scope, filter }) {
    const list = [];
    const found = client.roleAssignments.listForScope(scope, { filter });
    for await (const each of found) list.push(each.principalId);
    return list;
  },
  async put_role({ scope, name, id, actions = [], data_actions = [] }) {
    const made = await client.roleDefinitions.createOrUpdate(
      scope,
      id ?? randomUUID(),
      {
        roleName: name,
        description: "made by a client",
        roleType: "CustomRole",
        assignableScopes: [scope],
        permissions: [{ actions, dataActions: data_actions }],
      },
    );
    return {
      id: made.name,
      type: made.roleType,
      actions: made.permissions[0].actions,
      data_actions: made.permissions[0].dataActions,
    };
  },
  async custom_roles({ scope }) {
    const list = [];
    const found = client.roleDefinitions.list(scope, {
      filter: "type eq 'CustomRole'",
    });
    for await (const each of found) list.push(each.roleName);
    return list;
  },
  remove_role: async ({ scope, id }) =>
    (await client.roleDefinitions.delete(scope, id)).roleName,
  async remove({ id }) {
    return (await client.roleAssignments.deleteById(id))?.name ?? null;
  },
});
