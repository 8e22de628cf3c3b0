"""What the Python scripts share: a credential from the environment, and one
line of JSON as answer."""
import json
import os
import sys

from azure.core.exceptions import HttpResponseError
from azure.identity import (AzureCliCredential, CertificateCredential, ClientAssertionCredential,
                            ClientSecretCredential, DefaultAzureCredential)


def credential():
    kind = os.environ["TEST_CREDENTIAL"]
    tenant = os.environ.get("TEST_TENANT")
    client = os.environ.get("TEST_CLIENT")
    if kind == "secret":
        return ClientSecretCredential(tenant, client,
                                      os.environ["TEST_SECRET"])
    if kind == "certificate":
        return CertificateCredential(tenant, client,
                                     os.environ["TEST_CERTIFICATE"])
    if kind == "assertion":
        return ClientAssertionCredential(
            tenant, client, lambda: os.environ["TEST_ASSERTION"])
    if kind == "az":
        return AzureCliCredential()
    return DefaultAzureCredential()


def failure(error):
    answer = {"class": type(error).__name__, "message": str(error)}
    if isinstance(error, HttpResponseError):
        answer["status"] = error.status_code
        if error.error:
            answer["code"] = error.error.code
            answer["text"] = error.error.message
            inner = getattr(error.error, "innererror", None) or {}
            answer["inner"] = inner.get("code")
        if error.response is not None:
            try:
                body = json.loads(error.response.text())
                details = body.get("error") or {}
                if isinstance(details, dict):
                    answer["code"] = details.get("code")
                    answer["text"] = details.get("message")
                    answer["inner"] = (details.get("innererror")
                                       or {}).get("code")
            except ValueError:
                pass
    if hasattr(error, "response_status_code"):  # kiota's APIError
        answer["status"] = error.response_status_code
        details = getattr(error, "error", None)
        answer["code"] = getattr(details, "code", None)
        answer["text"] = getattr(details, "message", None)
    return {"error": answer}


def main(operations):
    """Runs the operation that argv names with the JSON that follows it."""
    name, *rest = sys.argv[1:]
    arguments = json.loads(rest[0]) if rest else {}
    try:
        answer = {"ok": operations[name](**arguments)}
    except Exception as error:  # whatever the client makes of it
        answer = failure(error)
    print(json.dumps(answer))
