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
  async assign({ scope, role, principal }) {
    const [found] = await definitions(scope, role);
    const made = await client.roleAssignments.create(scope, randomUUID(), {
      roleDefinitionId: found.id,
      principalId: principal,
      principalType: "ServicePrincipal",
    });
    return { id: made.id, name: made.name, principal: made.principalId };
  },
  async assignments({ scope }) {
    const list = [];
    for await (const each of client.roleAssignments.listForScope(scope))
      list.push(each.principalId);
    return list;
  },
  async remove({ id }) {
    return (await client.roleAssignments.deleteById(id))?.name ?? null;
  },
});
