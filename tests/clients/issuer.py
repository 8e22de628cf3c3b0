"""An issuer of tokens that an application trusts, as a cluster or CI is."""
import base64
import json
import subprocess
import time

SECONDS = 60
AUDIENCE = "api://AzureADTokenExchange"


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Issuer:
    """Its key is made here; the platform reads it from its data folder."""

    def __init__(self, world, name):
        self.name = name
        self.url = f"https://{name}.example"
        self.key = world.folder / f"{name}.key"
        self._make_key(self.key)
        keys = world.data / f"{name}.json"
        keys.write_text(json.dumps({"keys": [self._public()]}))
        listed = world.data / "issuers.json"
        issuers = json.loads(listed.read_text()) if listed.exists() else {}
        listed.write_text(json.dumps({**issuers, self.url: keys.name}))

    @staticmethod
    def _openssl(*arguments, **options):
        return subprocess.run(["openssl", *map(str, arguments)], check=True,
                              capture_output=True, timeout=SECONDS,
                              **options).stdout

    def _make_key(self, path):
        self._openssl("genpkey", "-algorithm", "RSA", "-pkeyopt",
                      "rsa_keygen_bits:2048", "-out", path)

    def _public(self):
        said = self._openssl("rsa", "-in", self.key, "-noout", "-modulus")
        modulus = bytes.fromhex(said.decode().strip().split("=")[1])
        return {"kty": "RSA", "kid": self.name, "alg": "RS256",
                "n": encoded(modulus), "e": "AQAB"}

    def token(self, subject, key=None):
        now = int(time.time())
        parts = ({"alg": "RS256", "typ": "JWT", "kid": self.name},
                 {"iss": self.url, "sub": subject, "aud": AUDIENCE,
                  "iat": now, "nbf": now, "exp": now + 600})
        text = ".".join(encoded(json.dumps(each).encode()) for each in parts)
        signature = self._openssl("dgst", "-sha256", "-sign", key or self.key,
                                  input=text.encode())
        return f"{text}.{encoded(signature)}"

    def forged(self, subject):
        """The same, signed by somebody else."""
        other = f"{self.key}.other"
        self._make_key(other)
        return self.token(subject, other)


def trust(world, application, issuer, subject):
    """The application takes that issuer's tokens of that subject."""
    world.graph(
        "POST", f"/v1.0/applications/{world.application(application)}"
        "/federatedIdentityCredentials",
        {"name": issuer.name, "issuer": issuer.url, "subject": subject,
         "audiences": [AUDIENCE]})
