// @azure/keyvault-secrets: the operations of a vault's data plane.
const { SecretClient } = require("@azure/keyvault-secrets");
const common = require("./common.cjs");

const vault = new SecretClient(process.env.TEST_VAULT, common.credential());

const shown = (p) => ({
  name: p.name,
  version: p.version,
  enabled: p.enabled,
  content_type: p.contentType ?? null,
  tags: p.tags ?? null,
  expires: p.expiresOn ?? null,
  recovery_level: p.recoveryLevel,
  vault_url: p.vaultUrl,
});

async function all(pages) {
  const list = [];
  for await (const each of pages) list.push(each);
  return list;
}

common.main({
  async put({ name, value, tags, content_type, expires_in, enabled }) {
    const secret = await vault.setSecret(name, value, {
      tags,
      enabled,
      contentType: content_type,
      expiresOn:
        expires_in === undefined
          ? undefined
          : new Date(Date.now() + expires_in * 1000),
    });
    return { value: secret.value, ...shown(secret.properties) };
  },
  async get({ name, version }) {
    const secret = await vault.getSecret(name, { version });
    return { value: secret.value, ...shown(secret.properties) };
  },
  async fill({ prefix, count }) {
    for (let i = 0; i < count; i++)
      await vault.setSecret(
        prefix + String(i).padStart(2, "0"),
        `value ${i}`,
      );
    return count;
  },
  names: async () =>
    (await all(vault.listPropertiesOfSecrets())).map((each) => each.name),
  versions: async ({ name }) =>
    (await all(vault.listPropertiesOfSecretVersions(name))).map(
      (each) => each.version,
    ),
  async update({ name, version, ...changes }) {
    const latest = version ?? (await vault.getSecret(name)).properties.version;
    return shown(
      await vault.updateSecretProperties(name, latest, {
        contentType: changes.content_type,
        enabled: changes.enabled,
        tags: changes.tags,
      }),
    );
  },
  async delete({ name }) {
    const poller = await vault.beginDeleteSecret(name, { intervalInMs: 100 });
    const gone = await poller.pollUntilDone();
    return { name: gone.name, recovery_id: gone.recoveryId };
  },
  deleted: async () =>
    (await all(vault.listDeletedSecrets())).map((each) => each.name),
  get_deleted: async ({ name }) => (await vault.getDeletedSecret(name)).name,
  async recover({ name }) {
    const poller = await vault.beginRecoverDeletedSecret(name, {
      intervalInMs: 100,
    });
    return (await poller.pollUntilDone()).name;
  },
  purge: async ({ name }) => {
    await vault.purgeDeletedSecret(name);
  },
  async backup_and_restore({ name }) {
    const blob = await vault.backupSecret(name);
    const poller = await vault.beginDeleteSecret(name, { intervalInMs: 100 });
    await poller.pollUntilDone();
    await vault.purgeDeletedSecret(name);
    const restored = await vault.restoreSecretBackup(blob);
    return { bytes: blob.length, name: restored.name };
  },
});
