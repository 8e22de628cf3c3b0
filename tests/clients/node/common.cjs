// What the Node scripts share: a credential from the environment, and one
// line of JSON as answer.
const identity = require("@azure/identity");

exports.credential = () => {
  const e = process.env;
  switch (e.TEST_CREDENTIAL) {
    case "secret":
      return new identity.ClientSecretCredential(
        e.TEST_TENANT,
        e.TEST_CLIENT,
        e.TEST_SECRET,
      );
    case "certificate":
      return new identity.ClientCertificateCredential(
        e.TEST_TENANT,
        e.TEST_CLIENT,
        { certificatePath: e.TEST_CERTIFICATE },
      );
    case "assertion":
      return new identity.ClientAssertionCredential(
        e.TEST_TENANT,
        e.TEST_CLIENT,
        async () => e.TEST_ASSERTION,
      );
    case "az":
      return new identity.AzureCliCredential();
    default:
      return new identity.DefaultAzureCredential();
  }
};

function failure(error) {
  let details = {};
  try {
    details =
      error.details?.error ?? JSON.parse(error.response.bodyAsText).error;
  } catch {
    // an error that no answer of a server is
  }
  return {
    class: error.name,
    message: error.message,
    status: error.statusCode,
    code: details.code ?? error.code,
    text: details.message ?? error.message,
    inner: (details.innererror ?? details.innerError)?.code,
  };
}

// Runs the operation that argv names with the JSON that follows it.
exports.main = async (operations) => {
  const [name, text] = process.argv.slice(2);
  let answer;
  try {
    const ok = await operations[name](text ? JSON.parse(text) : {});
    answer = { ok: ok ?? null };
  } catch (error) {
    answer = { error: failure(error) };
  }
  console.log(JSON.stringify(answer));
};
