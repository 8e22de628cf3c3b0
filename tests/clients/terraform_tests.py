"""What infrastructure code must be able to do, by Terraform or OpenTofu and
the provider azuread.

Both are the machine's own, and without them these tests are skipped:
ACTAS_TERRAFORM is the program, ACTAS_TERRAFORM_PROVIDERS the folder where
terraform-provider-azuread lies.
"""
import json
import os
import subprocess
import unittest

from world import HERE

SECONDS = 900  # the provider looks several times at most of what it made
TESTS = []


def test(function):
    TESTS.append(function)
    return function


class Terraform:
    """One configuration (terraform/main.tf), in two stages, over one world."""

    def __init__(self, world):
        self.world = world
        self.folder = None

    def _prepare(self):
        program = os.environ.get("ACTAS_TERRAFORM")
        providers = os.environ.get("ACTAS_TERRAFORM_PROVIDERS")
        if not program or not providers:
            raise unittest.SkipTest("ACTAS_TERRAFORM and "
                                    "ACTAS_TERRAFORM_PROVIDERS are not set")
        self.program = program
        self.folder = self.world.folder / "terraform"
        self.folder.mkdir()
        (self.folder / "main.tf").write_text(
            (HERE / "terraform" / "main.tf").read_text(encoding="utf-8"),
            encoding="utf-8")
        (self.folder / "rc").write_text(
            'provider_installation {\n  dev_overrides {\n'
            f'    "hashicorp/azuread" = {json.dumps(providers)}\n  }}\n}}\n'
            'disable_checkpoint = true\n', encoding="utf-8")
        self.world.graph("POST", "/v1.0/users", {
            "displayName": "dora", "userPrincipalName": "dora@clients.test",
            "mailNickname": "dora", "accountEnabled": True})
        self.world.make_certificate("terraform")

    def run(self, *arguments, codes=(0,)):
        """A command of the program, as the administrator."""
        if self.folder is None:
            self._prepare()
        who = self.world.principals["actas-admin"]
        given = {k: v for k, v in os.environ.items()
                 if not k.startswith(("ARM_", "AZURE_", "TF_"))}
        given.update(
            ARM_TENANT_ID=self.world.tenant, ARM_CLIENT_ID=who["clientId"],
            ARM_CLIENT_SECRET=who["secret"], TF_IN_AUTOMATION="1",
            TF_CLI_CONFIG_FILE=str(self.folder / "rc"),
            TF_VAR_certificate=str(self.world.folder / "terraform.pem.crt"))
        done = subprocess.run(
            [self.world.program, "exec", "-d", self.world.data, "--",
             self.program, *arguments, "-no-color"], cwd=self.folder,
            env=given, capture_output=True, text=True, timeout=SECONDS)
        assert done.returncode in codes, (arguments, done.stdout[-1500:],
                                          done.stderr[-1500:])
        return done

    def apply(self, stage):
        return self.run("apply", "-auto-approve", "-input=false", "-var",
                        f"stage={stage}").stdout

    def expect_no_changes(self, stage):
        """What is read back is what was asked for."""
        done = self.run("plan", "-detailed-exitcode", "-input=false", "-var",
                        f"stage={stage}", codes=(0, 2))
        assert done.returncode == 0, done.stdout[-2500:]

    def output(self, name):
        return self.run("output", "-raw", name).stdout.strip()


@test
def apply(terraform):
    said = terraform.apply(1)
    assert "26 added, 0 changed, 0 destroyed" in said, said[-500:]
    terraform.expect_no_changes(1)


@test
def secrets_that_it_made_log_in(terraform):
    world = terraform.world
    done = world.run(
        [world.clients / "python" / "bin" / "python", HERE / "ask.py", "GET",
         "/v1.0/servicePrincipals?$top=1", "null"],
        {"TEST_CREDENTIAL": "secret", "TEST_TENANT": world.tenant,
         "TEST_CLIENT": terraform.output("client"),
         "TEST_SECRET": terraform.output("secret")})
    assert done.returncode == 0, done.stderr[-1000:]


@test
def update_in_place(terraform):
    said = terraform.apply(2)
    assert "0 added, 6 changed, 0 destroyed" in said, said[-500:]
    terraform.expect_no_changes(2)


@test
def destroy(terraform):
    said = terraform.run("destroy", "-auto-approve", "-input=false", "-var",
                         "stage=2").stdout
    assert "26 destroyed" in said, said[-500:]
