"""Reads a secret of a Key Vault. Nothing here knows of actas.

usage: read_secret.py VAULT SECRET
"""
import sys

from azure.core.exceptions import HttpResponseError
from azure.identity import DefaultAzureCredential
from azure.keyvault.secrets import SecretClient

vault, name = sys.argv[1:]
client = SecretClient(f"https://{vault}.vault.azure.net",
                      DefaultAzureCredential())
try:
    secret = client.get_secret(name)
except HttpResponseError as error:
    print(f"HTTP {error.status_code}")
    print(error.message)
    sys.exit(1)
print(f"HTTP 200: {name} has a value of {len(secret.value)} characters, "
      f"version {secret.properties.version[:8]}…")
