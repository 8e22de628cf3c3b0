// Reads a secret of a Key Vault. Nothing here knows of actas.
//
// usage: read_secret.mjs VAULT SECRET
import { DefaultAzureCredential } from "@azure/identity";
import { SecretClient } from "@azure/keyvault-secrets";

const [vault, name] = process.argv.slice(2);
const client = new SecretClient(
  `https://${vault}.vault.azure.net`,
  new DefaultAzureCredential(),
);
try {
  const secret = await client.getSecret(name);
  console.log(
    `HTTP 200: ${name} has a value of ${secret.value.length} characters, ` +
      `version ${secret.properties.version.slice(0, 8)}…`,
  );
} catch (error) {
  console.log(`HTTP ${error.statusCode}`);
  console.log(error.message);
  process.exitCode = 1;
}
