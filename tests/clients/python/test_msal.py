"""What MSAL can do besides: open the browser itself, carry a session to another tenant, read plain OpenID Connect."""

import unittest

import msal

import browser
import clients
import orders_cli
from world import world


class Interactive(unittest.TestCase):
    """MSAL listens on a port of its own and opens the system's browser."""

    def setUp(self):
        self.scopes = [world().scope("Orders API", "orders.read")]

    def sign_in(self, client, person, **wishes):
        with browser.opened_by(person):
            return client.acquire_token_interactive(self.scopes, timeout=30, **wishes)

    def test_a_person_signs_in_and_is_remembered(self):
        client = orders_cli.client()
        person = world().person("Tailspin", "Tina")
        first = clients.access_token(self.sign_in(client, person))
        self.assertEqual(clients.claims(first)["oid"], person["id"])
        [account] = client.get_accounts()
        self.assertEqual(account["username"], "tina@tailspin.example")
        self.assertEqual(clients.access_token(client.acquire_token_silent(self.scopes, account)), first)

    def test_the_time_of_the_sign_in_is_told_when_it_matters(self):
        """MSAL itself checks `auth_time` against `max_age`."""
        client = orders_cli.client("Tailspin")
        person = world().person("Tailspin", "Tina")
        result = self.sign_in(client, person, max_age=300)
        clients.access_token(result)
        self.assertIsInstance(result["id_token_claims"]["auth_time"], int)

    def test_a_hint_fills_in_the_name(self):
        client = orders_cli.client()
        person = world().person("Tailspin", "Tina")
        clients.access_token(self.sign_in(client, person, login_hint=person["upn"], prompt="login"))

    def test_an_authority_by_openid_connect_alone(self):
        client = clients.public(
            world().application("Orders CLI"), None, oidc_authority=f"{world().authority('Tailspin')}/v2.0"
        )
        token = clients.access_token(self.sign_in(client, world().person("Tailspin", "Tina")))
        self.assertEqual(clients.claims(token)["tid"], world().tenant("Tailspin")["id"])


    def test_the_simulator_vouches_for_itself_when_it_is_asked(self):
        """MSAL takes an address for its question about the authority; left alone it would ask the public cloud."""
        client = msal.PublicClientApplication(
            world().application("Orders CLI")["app_id"],
            authority=world().authority("Tailspin"),
            instance_discovery=f"{world().https}/common/discovery/instance",
        )
        flow = client.initiate_auth_code_flow(self.scopes, redirect_uri=clients.NATIVE_REDIRECT)
        self.assertTrue(flow["auth_uri"].startswith(world().authority("Tailspin")), flow["auth_uri"])


class Tenants(unittest.TestCase):
    """Which tenant is a token of, and where does MSAL look for it?"""

    def setUp(self):
        self.scopes = [world().scope("Orders API", "orders.read")]
        self.person = world().person("Tailspin", "Tina")
        self.client = orders_cli.client()
        self.first = clients.access_token(clients.sign_in(self.client, self.person, scopes=self.scopes))

    def silent(self, authority):
        cache = self.client.token_cache
        there = orders_cli.client(authority, token_cache=cache)
        [account] = there.get_accounts()
        return there.acquire_token_silent_with_error(self.scopes, account)

    def test_the_token_is_kept_under_the_authority_that_was_asked(self):
        self.assertEqual(clients.access_token(self.silent("organizations")), self.first)

    def test_the_person_s_own_tenant_costs_a_refresh_token_and_no_page(self):
        """MSAL for Python keeps tokens by the authority's name: an alias and the tenant behind it are two."""
        second = clients.access_token(self.silent("Tailspin"))
        self.assertEqual(clients.claims(second)["tid"], world().tenant("Tailspin")["id"])
        self.assertNotEqual(second, self.first)
        self.assertEqual(clients.access_token(self.silent("Tailspin")), second)

    def test_a_tenant_where_the_person_is_a_guest_costs_a_refresh_token_and_no_page(self):
        claims = clients.claims(clients.access_token(self.silent("Woodgrove")))
        self.assertEqual(claims["oid"], world().person("Woodgrove", "Tina")["id"])
        self.assertEqual(claims["acct"], 1)

    def test_a_tenant_where_the_person_is_nobody_refuses(self):
        refused = self.silent("Adatum")
        self.assertEqual((refused["error"], refused["error_codes"]), ("invalid_grant", [50020]), refused)


if __name__ == "__main__":
    unittest.main()
