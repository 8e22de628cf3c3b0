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

async function isGone(path) {
  try {
    await client.api(path).get();
  } catch (error) {
    return error.code;
  }
  return null;
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
  async federated_life({ app }) {
    const all = `/applications/${(await find(app)).id}/federatedIdentityCredentials`;
    const made = await client.api(all).post({
      name: "sdk",
      issuer: "https://issuer.example",
      subject: "a",
      audiences: ["api://AzureADTokenExchange"],
    });
    const one = `${all}/${made.id}`;
    await client.api(one).patch({ subject: "b" });
    const listed = (await client.api(all).get()).value
      .filter((each) => each.id === made.id)
      .map((each) => each.subject);
    await client.api(one).delete();
    return { listed, gone: await isGone(one) };
  },
  async group_life({ name, member, other }) {
    const made = await client.api("/groups").post({
      displayName: name,
      mailNickname: "sdk",
      mailEnabled: false,
      securityEnabled: true,
    });
    const group = `/groups/${made.id}`;
    const members = async () =>
      (await client.api(`${group}/members`).get()).value.map((each) => each.id);
    await client.api(`${group}/members/$ref`).post({
      "@odata.id": `https://graph.microsoft.com/v1.0/directoryObjects/${member}`,
    });
    const seen = { members: await members(), checked: [] };
    for (const each of [member, other]) {
      const found = await client
        .api(`/directoryObjects/${each}/checkMemberGroups`)
        .post({ groupIds: [made.id] });
      seen.checked.push(found.value.includes(made.id));
    }
    await client.api(`${group}/members/${member}/$ref`).delete();
    seen.left = (await members()).length;
    await client.api(group).delete();
    return { ...seen, gone: await isGone(group) };
  },
  async user_life({ name }) {
    const user = `/users/${name}`;
    const made = await client.api("/users").post({
      accountEnabled: true,
      displayName: "Sdk",
      mailNickname: "sdk",
      userPrincipalName: name,
      passwordProfile: { password: "Not-used-here-1" },
    });
    await client.api(user).patch({ displayName: "Renamed" });
    const shown = await client.api(user).get();
    const seen = { same: shown.id === made.id, name: shown.displayName };
    await client.api(user).delete();
    return { ...seen, gone: await isGone(user) };
  },
};

common.main(
  Object.fromEntries(
    Object.entries(operations).map(([name, f]) => [name, answered(f)]),
  ),
);
