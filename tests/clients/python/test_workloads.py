"""Programs that get their credential from where they run: from variables, or from a token of somebody else."""

import os
import pathlib
import tempfile
import unittest
import unittest.mock

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import (
    ClientAssertionCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    EnvironmentCredential,
    WorkloadIdentityCredential,
)

import certificates
import clients
from identity import at_the_simulator
from world import world


def tenant_id(name="Tailspin"):
    return world().tenant(name)["id"]


def client_id():
    return world().application("Orders Daemon")["app_id"]


def claims_of(credential, **options):
    return clients.claims(credential.get_token(world().scope("Orders API"), **options).token)


class Variables(unittest.TestCase):
    """What a deployment sets, and no line of the program."""

    def environment(self, **variables):
        variables["AZURE_AUTHORITY_HOST"] = world().https
        variables["AZURE_TENANT_ID"], variables["AZURE_CLIENT_ID"] = tenant_id(), client_id()
        self.enterContext(unittest.mock.patch.dict(os.environ, variables))

    def test_a_secret(self):
        self.environment(AZURE_CLIENT_SECRET=world().application("Orders Daemon")["secrets"][0])
        for kind in (EnvironmentCredential, DefaultAzureCredential):
            with self.subTest(kind.__name__):
                self.assertEqual(claims_of(kind(disable_instance_discovery=True))["roles"], ["Orders.Sync"])

    def test_a_certificate(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="tenantry-python-"))
        file = pathlib.Path(folder, "daemon.pem")
        file.write_bytes(certificates.registered().both_pem())
        self.environment(AZURE_CLIENT_CERTIFICATE_PATH=str(file))
        self.assertEqual(claims_of(EnvironmentCredential(disable_instance_discovery=True))["azpacr"], "2")

    def test_a_wrong_secret(self):
        self.environment(AZURE_CLIENT_SECRET="wrong")
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000215"):
            claims_of(EnvironmentCredential(disable_instance_discovery=True))


class OtherTenants(unittest.TestCase):
    """One credential of a multi-tenant program, several customers."""

    def credential(self, **options):
        secret = world().application("Orders Daemon")["secrets"][0]
        return ClientSecretCredential(tenant_id("Woodgrove"), client_id(), secret, **at_the_simulator(**options))

    def test_a_token_of_each_customer(self):
        credential = self.credential(additionally_allowed_tenants=["*"])
        for name in ("Woodgrove", "Tailspin"):
            with self.subTest(name):
                self.assertEqual(claims_of(credential, tenant_id=tenant_id(name))["tid"], tenant_id(name))

    def test_the_library_itself_refuses_a_tenant_that_nobody_named(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "not configured to acquire tokens for tenant"):
            claims_of(self.credential(), tenant_id=tenant_id("Tailspin"))


class Federation(unittest.TestCase):
    """Somebody else's token instead of a secret; the registration trusts its issuer and subject."""

    def token(self, **changes):
        """What Adatum's build system says about the build that runs."""
        claims = {"sub": "repo:orders:main", "aud": "api://AzureADTokenExchange", **changes}
        made_for = {"tenant": "adatum.example", "application": client_id(), "listener": "https", "claims": claims}
        return world().control("tokens", made_for)["token"]

    def credential(self, token):
        return ClientAssertionCredential(tenant_id(), client_id(), lambda: token, **at_the_simulator())

    def test_the_program_is_known_by_it(self):
        claims = claims_of(self.credential(self.token()))
        self.assertEqual((claims["roles"], claims["azpacr"]), (["Orders.Sync"], "2"))

    def test_a_token_in_a_file_serves_as_well(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="tenantry-python-"))
        file = pathlib.Path(folder, "token")
        file.write_text(self.token())
        credential = WorkloadIdentityCredential(
            tenant_id=tenant_id(), client_id=client_id(), token_file_path=str(file), **at_the_simulator()
        )
        self.assertEqual(claims_of(credential)["roles"], ["Orders.Sync"])

    def test_another_issuer_subject_or_audience_is_refused(self):
        for change in ({"iss": "https://elsewhere.example"}, {"sub": "repo:orders:fork"}, {"aud": "api://other"}):
            with self.subTest(**change):
                with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS70021"):
                    claims_of(self.credential(self.token(**change)))


if __name__ == "__main__":
    unittest.main()
