"""An API wants more than a token: a second proof of the person, or a client that can be told at any time."""

import unittest

import clients
import orders_cli
from browser import Browser
from world import world

STEP_UP = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'


class StepUp(unittest.TestCase):
    """The orders API answers 401 with a claims challenge; the client takes it to the authority."""

    def setUp(self):
        self.person, self.scopes = world().person("Tailspin", "Tina"), [world().scope("Orders API", "orders.read")]
        self.client = orders_cli.client("Tailspin")

    def sign_in(self, **wishes):
        seen = Browser(self.person)
        return clients.sign_in(self.client, self.person, scopes=self.scopes, by=seen, **wishes), seen

    def test_a_challenge_costs_the_person_a_second_proof(self):
        plain = clients.claims(clients.access_token(self.sign_in()[0]))
        self.assertNotIn("acrs", plain)
        result, seen = self.sign_in(claims_challenge=STEP_UP)
        self.assertEqual(clients.claims(clients.access_token(result))["acrs"], ["c1"])
        self.assertIn("Confirm that it is you", " ".join(page.words() for page in seen.seen))

    def test_it_cannot_be_had_silently(self):
        clients.access_token(self.sign_in()[0])
        [account] = self.client.get_accounts()
        refused = self.client.acquire_token_silent_with_error(self.scopes, account, claims_challenge=STEP_UP)
        self.assertIn(refused.get("error"), ("interaction_required", "invalid_grant"), refused)
        self.assertTrue(refused.get("classification"), refused)

    def test_once_proven_it_is_remembered(self):
        clients.access_token(self.sign_in(claims_challenge=STEP_UP)[0])
        [account] = self.client.get_accounts()
        again = self.client.acquire_token_silent_with_error(self.scopes, account, claims_challenge=STEP_UP)
        self.assertEqual(clients.claims(clients.access_token(again))["acrs"], ["c1"])


class ContinuousAccess(unittest.TestCase):
    """Clients that can be told at any time say so, and may keep tokens for longer."""

    def signed_in(self, api, permission, **options):
        client = orders_cli.client("Tailspin", **options)
        scopes = [world().scope(api, permission)]
        result = clients.sign_in(client, world().person("Tailspin", "Tina"), scopes=scopes)
        clients.access_token(result)
        return result

    def test_the_api_sees_that_its_client_can_be_told(self):
        for options, expected in (({"client_capabilities": ["CP1"]}, ["cp1"]), ({}, [])):
            with self.subTest(**options):
                result = self.signed_in("Orders API", "orders.read", **options)
                said = clients.claims(result["access_token"]).get("xms_cc", [])
                self.assertEqual([each.lower() for each in said], expected)

    def test_tokens_last_a_day_only_where_both_sides_take_part(self):
        for api, permission, options, hours in (
            ("Stock API", "stock.read", {"client_capabilities": ["CP1"]}, range(20, 29)),
            ("Stock API", "stock.read", {}, range(1, 2)),
            ("Orders API", "orders.read", {"client_capabilities": ["CP1"]}, range(1, 2)),
        ):
            with self.subTest(api=api, **options):
                result = self.signed_in(api, permission, **options)
                self.assertIn(result["expires_in"] // 3600, hours)


if __name__ == "__main__":
    unittest.main()
