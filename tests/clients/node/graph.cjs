// @microsoft/microsoft-graph-client: applications and their secrets.
const { Client } = require("@microsoft/microsoft-graph-client");
const common = require("./common.cjs");

const credential = common.credential();
const client = Client.init({
  authProvider: (done) =>
    credential
      .getToken("https://graph.microsoft.com/.default")
      .then(({ token }) => done(null, token), (error) => done(error, null)),
});

async function find(app) {
  const page = await client
    .api("/applications")
    .filter(`appId eq '${app}'`)
    .get();
  return page.value[0];
}

function answered(operation) {
  return async (given) => {
    try {
      return await operation(given);
    } catch (error) {
      throw Object.assign(error, {
        response: {
          bodyAsText: JSON.stringify({
            error: { code: error.code, message: error.message },
          }),
        },
      });
    }
  };
}

const operations = {
  async application({ app }) {
    const found = await find(app);
    return {
      id: found.id,
      name: found.displayName,
      secrets: found.passwordCredentials.length,
    };
  },
  async add_password({ app, name }) {
    const { id } = await find(app);
    const made = await client
      .api(`/applications/${id}/addPassword`)
      .post({ passwordCredential: { displayName: name } });
    return { id, key: made.keyId, secret: made.secretText };
  },
  async remove_password({ app, key }) {
    const { id } = await find(app);
    await client
      .api(`/applications/${id}/removePassword`)
      .post({ keyId: key });
  },
  async create_and_delete({ name }) {
    const made = await client
      .api("/applications")
      .post({ displayName: name });
    await client.api(`/applications/${made.id}`).delete();
    return made.appId;
  },
  async service_principals() {
    const page = await client.api("/servicePrincipals").get();
    return page.value.map((each) => each.displayName).sort();
  },
};

common.main(
  Object.fromEntries(
    Object.entries(operations).map(([name, f]) => [name, answered(f)]),
  ),
);
