// Reads a secret of a Key Vault. Nothing here knows of actas.
//
// usage: read_secret.cjs VAULT SECRET
const { DefaultAzureCredential } = require("@azure/identity");
const { SecretClient } = require("@azure/keyvault-secrets");

async function main([vault, name]) {
  const client = new SecretClient(
    `https://${vault}.vault.azure.net`,
    new DefaultAzureCredential(),
  );
  const secret = await client.getSecret(name);
  console.log(
    `HTTP 200: ${name} has a value of ${secret.value.length} characters, ` +
      `version ${secret.properties.version.slice(0, 8)}…`,
  );
}

main(process.argv.slice(2)).catch((error) => {
  console.log(`HTTP ${error.statusCode}`);
  console.log(error.message);
  process.exitCode = 1;
});
