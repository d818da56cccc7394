"""An API calls another API on behalf of whoever called it: the orders API, and the stock API behind it."""

import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import OnBehalfOfCredential, aio

import certificates
import clients
import orders_cli
from identity import at_the_simulator
from world import world


def tinas_token(authority="Tailspin", api="Orders API", permission="orders.read"):
    """What she calls an API with."""
    return orders_cli.token("Tina", "Tailspin", authority, api, permission)


class Msal(unittest.TestCase):
    def middle_tier(self, tenant="Tailspin", credential=None):
        return clients.confidential(world().application("Orders API"), world().authority(tenant), credential)

    def exchanged(self, assertion, tenant="Tailspin", scope=None, credential=None):
        scopes = [scope or world().scope("Stock API", "stock.read")]
        return self.middle_tier(tenant, credential).acquire_token_on_behalf_of(assertion, scopes)

    def refused(self, result, *codes):
        self.assertEqual(result.get("error"), "invalid_grant", result)
        self.assertIn(result["error_codes"][0], codes, result["error_description"])

    def test_the_next_api_sees_the_person_and_who_asks(self):
        for name, scope in (("one", "stock.read"), ("all", ".default")):
            with self.subTest(name):
                result = self.exchanged(tinas_token(), scope=world().scope("Stock API", scope))
                claims = clients.claims(clients.access_token(result))
                self.assertEqual(claims["oid"], world().person("Tailspin", "Tina")["id"])
                self.assertEqual(claims["azp"], world().application("Orders API")["app_id"])
                self.assertEqual(claims["aud"], world().application("Stock API")["app_id"])
                self.assertEqual(claims["scp"], "stock.read")

    def test_a_certificate_serves_as_well(self):
        known = certificates.registered()
        credential = {"private_key": known.private_pem(), "public_certificate": known.public_pem()}
        claims = clients.claims(clients.access_token(self.exchanged(tinas_token(), credential=credential)))
        self.assertEqual(claims["azpacr"], "2")

    def test_the_person_becomes_an_account_that_can_be_renewed(self):
        middle, scopes = self.middle_tier(), [world().scope("Stock API", "stock.read")]
        first = clients.access_token(middle.acquire_token_on_behalf_of(tinas_token(), scopes))
        [account] = middle.get_accounts()
        self.assertEqual(account["username"], "tina@tailspin.example")
        self.assertEqual(clients.access_token(middle.acquire_token_silent(scopes, account)), first)
        renewed = clients.access_token(middle.acquire_token_silent(scopes, account, force_refresh=True))
        self.assertEqual(clients.claims(renewed)["oid"], world().person("Tailspin", "Tina")["id"])

    def test_a_guest_stays_a_guest_of_the_same_tenant(self):
        assertion = tinas_token("Woodgrove")
        claims = clients.claims(clients.access_token(self.exchanged(assertion, "Woodgrove")))
        self.assertEqual(claims["tid"], world().tenant("Woodgrove")["id"])
        self.assertEqual(claims["oid"], world().person("Woodgrove", "Tina")["id"])

    def test_a_token_for_another_api_is_refused(self):
        stock = tinas_token(api="Stock API", permission="stock.read")
        self.refused(self.exchanged(stock), 500131, 50013)

    def test_a_program_s_token_is_refused(self):
        daemon = clients.confidential(world().application("Orders Daemon"), world().authority("Tailspin"))
        alone = clients.access_token(daemon.acquire_token_for_client([world().scope("Orders API")]))
        self.assertIn("error", self.exchanged(alone))

    def test_a_forged_token_is_refused(self):
        person = world().person("Tailspin", "Tina")["id"]
        wishes = {"tenant": world().tenant("Tailspin")["id"], "user": person, "listener": "https"}
        wishes["audience"] = world().application("Orders API")["app_id"]
        for wrong in ({"sign_with": "unpublished"}, {"sign_with": "none"}, {"lifetime_s": -3600}):
            with self.subTest(**wrong):
                minted = world().control("tokens", {**wishes, **wrong})["token"]
                self.refused(self.exchanged(minted), 50013, 500133)
        honest = world().control("tokens", wishes)["token"]
        clients.access_token(self.exchanged(honest))

    def test_an_api_that_may_not_is_refused_with_the_need_for_consent(self):
        assertion = orders_cli.token("Toni", "Tailspin")
        counted = self.exchanged(assertion, scope=world().scope("Stock API", "stock.count"))
        self.refused(counted, 65001)
        self.assertEqual(counted.get("suberror"), "consent_required")


class AzureIdentity(unittest.IsolatedAsyncioTestCase):
    def arguments(self, assertion, **proof):
        proof = proof or {"client_secret": world().application("Orders API")["secrets"][0]}
        return {
            "tenant_id": world().tenant("Tailspin")["id"],
            "client_id": world().application("Orders API")["app_id"],
            "user_assertion": assertion,
            **at_the_simulator(**proof),
        }

    def assert_tina(self, token):
        self.assertEqual(clients.claims(token.token)["oid"], world().person("Tailspin", "Tina")["id"])

    def test_with_a_secret_and_with_a_certificate(self):
        pem = certificates.registered().both_pem()
        for proof in ({}, {"client_certificate": pem}, {"client_certificate": pem, "send_certificate_chain": True}):
            with self.subTest(sorted(proof)):
                credential = OnBehalfOfCredential(**self.arguments(tinas_token(), **proof))
                self.assert_tina(credential.get_token(world().scope("Stock API", "stock.read")))

    async def test_the_asynchronous_one_does_the_same(self):
        pem = certificates.registered().both_pem()
        for proof in ({}, {"client_certificate": pem}):
            with self.subTest(sorted(proof)):
                async with aio.OnBehalfOfCredential(**self.arguments(tinas_token(), **proof)) as credential:
                    self.assert_tina(await credential.get_token(world().scope("Stock API", "stock.read")))

    def test_a_token_for_another_api_is_refused(self):
        stock = tinas_token(api="Stock API", permission="stock.read")
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS(500131|50013)"):
            OnBehalfOfCredential(**self.arguments(stock)).get_token(world().scope("Stock API", "stock.read"))


if __name__ == "__main__":
    unittest.main()
