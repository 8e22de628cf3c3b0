// @azure/arm-keyvault, @azure/arm-msi, @azure/arm-resources: what holds
// secrets, what acts, and where both are.
const { KeyVaultManagementClient } = require("@azure/arm-keyvault");
const { ManagedServiceIdentityClient } = require("@azure/arm-msi");
const { ResourceManagementClient } = require("@azure/arm-resources");
const common = require("./common.cjs");

const who = [common.credential(), process.env.TEST_SUBSCRIPTION];
const { vaults } = new KeyVaultManagementClient(...who);
const identities = new ManagedServiceIdentityClient(...who);
const resources = new ResourceManagementClient(...who);
const groups = resources.resourceGroups;
const location = "westeurope";
const tenantId = process.env.TEST_TENANT;
const sku = { family: "A", name: "standard" };

async function names(pages) {
  const list = [];
  for await (const each of pages) list.push(each.name);
  return list.sort();
}

async function isGone(get) {
  try {
    await get();
  } catch (error) {
    if (error.statusCode === 404) return error.code;
    throw error;
  }
  return null;
}

const exists = async (group) => (await groups.checkExistence(group)).body;

const policy = ([objectId, secrets]) => ({
  tenantId,
  objectId,
  permissions: { secrets },
});

const make_group = async ({ group }) =>
  (await groups.createOrUpdate(group, { location })).properties
    .provisioningState;

// One of access policies, or, without any, one of roles.
async function make_vault({ group, name, policies }) {
  const made = await vaults.createOrUpdate(group, name, {
    location,
    properties: {
      tenantId,
      sku,
      enableRbacAuthorization: !policies,
      accessPolicies: (policies ?? []).map(policy),
    },
  });
  return {
    id: made.id,
    name: made.name,
    uri: made.properties.vaultUri,
    state: made.properties.provisioningState,
    by_roles: made.properties.enableRbacAuthorization,
    policies: made.properties.accessPolicies.length,
  };
}

async function group_life({ group }) {
  const seen = { there: await exists(group) };
  seen.state = await make_group({ group });
  seen.made = await exists(group);
  seen.listed = (await names(groups.list())).includes(group);
  seen.tags = (await groups.update(group, { tags: { a: "b" } })).tags;
  const vault = await make_vault({ group, name: `${group}-kv`, policies: [] });
  seen.resources = await names(resources.resources.listByResourceGroup(group));
  seen.vault = vault.name;
  await groups.delete(group);
  seen.gone = await isGone(() => groups.get(group));
  await vaults.purgeDeleted(vault.name, location);
  return seen;
}

async function vault_life({ group, name }) {
  const seen = { made: await make_vault({ group, name }) };
  seen.uri = (await vaults.get(group, name)).properties.vaultUri;
  seen.in_group = (await names(vaults.listByResourceGroup(group))).includes(
    name,
  );
  seen.listed = (await names(vaults.listBySubscription())).includes(name);
  seen.free = (
    await vaults.checkNameAvailability({
      name,
      type: "Microsoft.KeyVault/vaults",
    })
  ).nameAvailable;
  seen.tags = (await vaults.update(group, name, { tags: { a: "b" } })).tags;
  await vaults.delete(group, name);
  seen.gone = await isGone(() => vaults.get(group, name));
  seen.deleted = (await names(vaults.listDeleted())).includes(name);
  seen.where = (await vaults.getDeleted(name, location)).properties.location;
  seen.recovered = (
    await vaults.createOrUpdate(group, name, {
      location,
      properties: { tenantId, sku, createMode: "recover" },
    })
  ).tags;
  await vaults.delete(group, name);
  await vaults.purgeDeleted(name, location);
  seen.purged = await isGone(() => vaults.getDeleted(name, location));
  return seen;
}

async function change_policy({ group, name, kind, principal, permissions }) {
  const changed = await vaults.updateAccessPolicy(group, name, kind, {
    properties: { accessPolicies: [policy([principal, permissions])] },
  });
  return changed.properties.accessPolicies.length;
}

// Nobody else may come in; null opens the vault again.
async function set_network({ group, name, addresses }) {
  const rules = (
    await vaults.update(group, name, {
      properties: {
        networkAcls: {
          bypass: "None",
          defaultAction: addresses ? "Deny" : "Allow",
          ipRules: (addresses ?? []).map((value) => ({ value })),
        },
      },
    })
  ).properties.networkAcls;
  return [rules.defaultAction, rules.ipRules.map((each) => each.value)];
}

async function identity_life({ group, name }) {
  const own = identities.userAssignedIdentities;
  const trusted = identities.federatedIdentityCredentials;
  const made = await own.createOrUpdate(group, name, { location });
  const seen = { principal: made.principalId, client: made.clientId };
  seen.same = (await own.get(group, name)).principalId === made.principalId;
  seen.in_group = (await names(own.listByResourceGroup(group))).includes(name);
  seen.listed = (await names(own.listBySubscription())).includes(name);
  seen.subject = (
    await trusted.createOrUpdate(group, name, "cluster", {
      issuer: "https://cluster.example",
      subject: "system:serviceaccount:a:b",
      audiences: ["api://AzureADTokenExchange"],
    })
  ).subject;
  seen.trusted = await names(trusted.list(group, name));
  await trusted.delete(group, name, "cluster");
  seen.untrusted = await names(trusted.list(group, name));
  await own.delete(group, name);
  seen.gone = await isGone(() => own.get(group, name));
  return seen;
}

const make_identity = async ({ group, name }) =>
  (
    await identities.userAssignedIdentities.createOrUpdate(group, name, {
      location,
    })
  ).principalId;

common.main({
  make_group,
  group_life,
  make_vault,
  vault_life,
  change_policy,
  set_network,
  identity_life,
  make_identity,
});
