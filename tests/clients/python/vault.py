"""azure-keyvault-secrets: the operations of a vault's data plane."""
import datetime
import os

from azure.keyvault.secrets import SecretClient

import common

vault = SecretClient(os.environ["TEST_VAULT"], common.credential())


def shown(properties):
    return {
        "name": properties.name,
        "version": properties.version,
        "enabled": properties.enabled,
        "content_type": properties.content_type,
        "tags": properties.tags,
        "expires": properties.expires_on.isoformat()
        if properties.expires_on else None,
        "recovery_level": properties.recovery_level,
        "vault_url": properties.vault_url,
    }


def put(name, value, tags=None, content_type=None, expires_in=None,
        enabled=True):
    expires = None
    if expires_in is not None:
        expires = (datetime.datetime.now(datetime.timezone.utc)
                   + datetime.timedelta(seconds=expires_in))
    secret = vault.set_secret(name, value, tags=tags, enabled=enabled,
                              content_type=content_type, expires_on=expires)
    return {"value": secret.value, **shown(secret.properties)}


def get(name, version=None):
    secret = vault.get_secret(name, version)
    return {"value": secret.value, **shown(secret.properties)}


def fill(prefix, count):
    for i in range(count):
        vault.set_secret(f"{prefix}{i:02}", f"value {i}")
    return count


def names():
    return [each.name for each in vault.list_properties_of_secrets()]


def versions(name):
    return [each.version
            for each in vault.list_properties_of_secret_versions(name)]


def update(name, version=None, **changes):
    return shown(vault.update_secret_properties(name, version, **changes))


def delete(name):
    deleted = vault.begin_delete_secret(name).result()
    return {"name": deleted.name, "recovery_id": deleted.recovery_id}


def deleted():
    return [each.name for each in vault.list_deleted_secrets()]


def get_deleted(name):
    return vault.get_deleted_secret(name).name


def recover(name):
    return vault.begin_recover_deleted_secret(name).result().name


def purge(name):
    vault.purge_deleted_secret(name)


def backup_and_restore(name):
    blob = vault.backup_secret(name)
    vault.begin_delete_secret(name).result()
    vault.purge_deleted_secret(name)
    return {"bytes": len(blob), "name": vault.restore_secret_backup(blob).name}


common.main({f.__name__: f for f in (
    put, get, fill, names, versions, update, delete, deleted, get_deleted,
    recover, purge, backup_and_restore)})
