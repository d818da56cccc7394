"""azure-identity's credentials, as a developer configures them: the authority's host, and no instance discovery."""

import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import AuthorizationCodeCredential, ClientSecretCredential, InteractiveBrowserCredential
from azure.identity import aio

import browser
import clients
from identity import at_the_simulator
from world import world


def daemon(tenant="Tailspin", secret=None, kind=ClientSecretCredential):
    application = world().application("Orders Daemon")
    secret = secret or application["secrets"][0]
    return kind(world().tenant(tenant)["id"], application["app_id"], secret, **at_the_simulator())


class ClientSecret(unittest.IsolatedAsyncioTestCase):
    def test_a_daemon_gets_a_token_of_its_customer_and_keeps_it(self):
        credential = daemon()
        first = credential.get_token(world().scope("Orders API"))
        claims = clients.claims(first.token)
        self.assertEqual((claims["tid"], claims["roles"]), (world().tenant("Tailspin")["id"], ["Orders.Sync"]))
        self.assertEqual(claims["azpacr"], "1")
        self.assertEqual(credential.get_token(world().scope("Orders API")).token, first.token)

    async def test_the_asynchronous_one_does_the_same(self):
        async with daemon(kind=aio.ClientSecretCredential) as credential:
            first = await credential.get_token(world().scope("Orders API"))
            self.assertEqual(clients.claims(first.token)["roles"], ["Orders.Sync"])
            self.assertEqual((await credential.get_token(world().scope("Orders API"))).token, first.token)

    def test_a_wrong_secret_is_refused(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000215"):
            daemon(secret="wrong").get_token(world().scope("Orders API"))

    def test_a_tenant_that_did_not_consent_is_refused(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000229"):
            daemon("Lucerne").get_token(world().scope("Orders API"))

    def test_a_tenant_that_does_not_exist_is_refused(self):
        application = world().application("Orders Daemon")
        nowhere = "99999999-0000-4000-a000-000000000009"
        credential = ClientSecretCredential(
            nowhere, application["app_id"], application["secrets"][0], **at_the_simulator()
        )
        with self.assertRaisesRegex((ClientAuthenticationError, ValueError), nowhere):
            credential.get_token(world().scope("Orders API"))

    async def test_an_unlisted_tenant_is_refused_while_entra_s_own_list_is_on(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000118"):
            daemon("Adatum").get_token(world().scope("Orders API"))
        with world().native_allow_list(False):
            token = daemon("Adatum").get_token(world().scope("Orders API"))
        self.assertEqual(clients.claims(token.token)["tid"], world().tenant("Adatum")["id"])


class AuthorizationCode(unittest.IsolatedAsyncioTestCase):
    """A web application: no PKCE here, and the code is redeemed with the secret."""

    SCOPES = ("openid", "profile", "offline_access")

    def credential(self, person, authority="organizations", kind=AuthorizationCodeCredential):
        web = world().application("Orders Web")
        scope = world().scope("Orders API", "orders.read")
        address = (
            f"{world().authority(authority)}/oauth2/v2.0/authorize?client_id={web['app_id']}&response_type=code"
            f"&redirect_uri={clients.WEB_REDIRECT}&scope={'+'.join([scope, *self.SCOPES])}&state=1"
        )
        answer = browser.Browser(person).visit(address, clients.WEB_REDIRECT)
        tenant = world().authority(authority).rsplit("/", 1)[1]
        return kind(
            tenant,
            web["app_id"],
            answer["code"],
            clients.WEB_REDIRECT,
            client_secret=web["secrets"][0],
            **at_the_simulator(),
        )

    def test_a_person_signs_in_and_their_token_is_renewed(self):
        person, scope = world().person("Tailspin", "Tina"), world().scope("Orders API", "orders.read")
        credential = self.credential(person)
        first = credential.get_token(scope)
        self.assertEqual(clients.claims(first.token)["oid"], person["id"])
        again = credential.get_token(scope, claims='{"access_token":{"xms_cc":{"values":["cp1"]}}}')
        self.assertNotEqual(again.token, first.token)
        self.assertEqual(clients.claims(again.token)["oid"], person["id"])

    async def test_the_asynchronous_one_does_the_same(self):
        person, scope = world().person("Woodgrove", "Walter"), world().scope("Orders API", "orders.read")
        async with self.credential(person, kind=aio.AuthorizationCodeCredential) as credential:
            token = await credential.get_token(scope)
            self.assertEqual(clients.claims(token.token)["oid"], person["id"])

    def test_a_guest_is_somebody_else_in_the_resource_tenant(self):
        person, scope = world().person("Tailspin", "Tina"), world().scope("Orders API", "orders.read")
        token = self.credential(person, "Woodgrove").get_token(scope)
        guest = world().person("Woodgrove", "Tina")
        claims = clients.claims(token.token)
        self.assertEqual((claims["oid"], claims["tid"]), (guest["id"], world().tenant("Woodgrove")["id"]))
        self.assertEqual(claims["idp"], f"https://sts.windows.net/{world().tenant('Tailspin')['id']}/")

    def test_a_person_without_an_account_in_the_tenant_gets_no_code(self):
        with self.assertRaisesRegex(browser.SignInRefused, "AADSTS50020"):
            self.credential(world().person("Woodgrove", "Walter"), "Tailspin")

    def test_an_unlisted_tenant_gets_no_code(self):
        with self.assertRaisesRegex(browser.SignInRefused, "AADSTS7000118"):
            self.credential(world().person("Adatum", "Adam"))


class InteractiveBrowser(unittest.TestCase):
    """The credential listens on a port of its own and opens the system's browser, which here is a person of ours."""

    def credential(self, person, authority="organizations"):
        self.enterContext(browser.opened_by(person))
        return InteractiveBrowserCredential(
            tenant_id=world().authority(authority).rsplit("/", 1)[1],
            client_id=world().application("Orders CLI")["app_id"],
            timeout=30,
            **at_the_simulator(),
        )

    def test_a_person_signs_in_and_is_remembered(self):
        person, scope = world().person("Tailspin", "Tina"), world().scope("Orders API", "orders.read")
        credential = self.credential(person)
        first = credential.get_token(scope)
        self.assertEqual(clients.claims(first.token)["oid"], person["id"])
        self.assertEqual(credential.get_token(scope).token, first.token)

    def test_one_sign_in_reaches_another_api(self):
        """The second API costs a refresh token, and no page."""
        credential = self.credential(world().person("Tailspin", "Tina"))
        record = credential.authenticate(scopes=[world().scope("Orders API", "orders.read")])
        self.assertEqual(record.tenant_id, world().tenant("Tailspin")["id"])
        token = credential.get_token(world().scope("Stock API", "stock.read"))
        self.assertEqual(clients.claims(token.token)["scp"], "stock.read")

    def test_a_guest_signs_in_at_the_resource_tenant(self):
        token = self.credential(world().person("Tailspin", "Tina"), "Woodgrove").get_token(
            world().scope("Orders API", "orders.read")
        )
        self.assertEqual(clients.claims(token.token)["oid"], world().person("Woodgrove", "Tina")["id"])


if __name__ == "__main__":
    unittest.main()
