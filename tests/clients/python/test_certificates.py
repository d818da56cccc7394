"""Programs that sign their requests instead of sending a secret, each library in its own way (RFC 7523)."""

import pathlib
import tempfile
import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CertificateCredential, aio

import certificates
import clients
from identity import at_the_simulator
from world import world


def msal_daemon(credential, tenant="Tailspin"):
    """What MSAL answers to a daemon with that credential."""
    daemon = clients.confidential(world().application("Orders Daemon"), world().authority(tenant), credential)
    return daemon.acquire_token_for_client([world().scope("Orders API")])


def credential(kind, certificate, tenant="Tailspin", **options):
    return kind(
        world().tenant(tenant)["id"],
        world().application("Orders Daemon")["app_id"],
        certificate_data=certificate.both_pem(),
        **at_the_simulator(**options),
    )


class Msal(unittest.TestCase):
    def shapes(self, certificate):
        """Every way in which MSAL takes a certificate. RS256 with the SHA-1 thumbprint, or PS256 with SHA-256."""
        key, public, sha1 = certificate.private_pem(), certificate.public_pem(), certificate.sha1()
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="tenantry-python-"))
        pfx = pathlib.Path(folder, "key.pfx")
        pfx.write_bytes(certificate.pfx("not-a-real-password"))
        in_file = {"private_key_pfx_path": str(pfx), "passphrase": "not-a-real-password"}
        return {
            "thumbprint": {"private_key": key, "thumbprint": sha1},
            "thumbprint and chain": {"private_key": key, "thumbprint": sha1, "public_certificate": public},
            "public certificate": {"private_key": key, "public_certificate": public},
            "PFX": in_file,
            "PFX and chain": {**in_file, "public_certificate": True},
        }

    def test_a_registered_certificate_is_as_good_as_a_secret(self):
        for shape, value in self.shapes(certificates.registered()).items():
            with self.subTest(shape):
                claims = clients.claims(clients.access_token(msal_daemon(value)))
                self.assertEqual((claims["roles"], claims["azpacr"]), (["Orders.Sync"], "2"))

    def test_the_second_token_comes_from_memory(self):
        value = self.shapes(certificates.registered())["public certificate"]
        daemon = clients.confidential(world().application("Orders Daemon"), world().authority("Tailspin"), value)
        first = daemon.acquire_token_for_client([world().scope("Orders API")])
        second = daemon.acquire_token_for_client([world().scope("Orders API")])
        self.assertEqual(clients.access_token(first), clients.access_token(second))

    def test_a_domain_name_in_the_authority_changes_nothing(self):
        value = self.shapes(certificates.registered())["public certificate"]
        daemon = clients.confidential(
            world().application("Orders Daemon"), f"{world().https}/tailspin.example", value
        )
        clients.access_token(daemon.acquire_token_for_client([world().scope("Orders API")]))

    def test_a_certificate_that_nobody_registered_is_refused(self):
        for shape, value in self.shapes(certificates.stranger()).items():
            with self.subTest(shape):
                result = msal_daemon(value)
                self.assertEqual((result.get("error"), result.get("error_codes")), ("invalid_client", [700027]))

    def test_another_key_under_a_registered_thumbprint_is_refused(self):
        known, strange = certificates.registered(), certificates.stranger()
        forged = {"private_key": strange.private_pem(), "thumbprint": known.sha1()}
        result = msal_daemon(forged)
        self.assertEqual((result.get("error"), result.get("error_codes")), ("invalid_client", [700027]))

    def test_a_web_application_redeems_its_codes_with_a_certificate(self):
        value = self.shapes(certificates.registered())["thumbprint"]
        web = clients.confidential(world().application("Orders Web"), world().authority("organizations"), value)
        person, scope = world().person("Tailspin", "Tina"), world().scope("Orders API", "orders.read")
        result = clients.sign_in(web, person, clients.WEB_REDIRECT, [scope])
        self.assertEqual(clients.claims(clients.access_token(result))["azpacr"], "2")
        [account] = web.get_accounts()
        renewed = web.acquire_token_silent([scope], account, force_refresh=True)
        self.assertEqual(clients.claims(clients.access_token(renewed))["oid"], person["id"])


class AzureIdentity(unittest.IsolatedAsyncioTestCase):
    def test_a_registered_certificate_is_as_good_as_a_secret(self):
        for chain in (False, True):
            with self.subTest(send_certificate_chain=chain):
                known = credential(
                    CertificateCredential, certificates.registered(), send_certificate_chain=chain
                )
                claims = clients.claims(known.get_token(world().scope("Orders API")).token)
                self.assertEqual((claims["roles"], claims["azpacr"]), (["Orders.Sync"], "2"))

    async def test_the_asynchronous_one_pads_its_assertion_and_is_understood(self):
        async with credential(aio.CertificateCredential, certificates.registered()) as known:
            claims = clients.claims((await known.get_token(world().scope("Orders API"))).token)
            self.assertEqual((claims["roles"], claims["azpacr"]), (["Orders.Sync"], "2"))

    async def test_a_certificate_that_nobody_registered_is_refused(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS700027"):
            credential(CertificateCredential, certificates.stranger()).get_token(world().scope("Orders API"))
        async with credential(aio.CertificateCredential, certificates.stranger()) as strange:
            with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS700027"):
                await strange.get_token(world().scope("Orders API"))


if __name__ == "__main__":
    unittest.main()
