"""What people have to agree to before an application gets tokens of theirs.

Each test has an application of its own in `world.toml`, which nobody at Lucerne knows at the start.
"""

import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import InteractiveBrowserCredential

import browser
import clients
import web
from browser import Browser
from identity import at_the_simulator
from web import STOCK_READ
from world import world


class People(unittest.TestCase):
    def setUp(self):
        self.lea, self.lotte = world().person("Lucerne", "Lea"), world().person("Lucerne", "Lotte")

    def test_consent_is_asked_once_of_each_person(self):
        self.assertIsNone(world().principal("Lucerne", "Notes"))
        result, first = web.sign_in("Notes", self.lea)
        self.assertEqual(clients.claims(clients.access_token(result))["scp"], "stock.read")
        self.assertEqual(first.asked_for_consent(), 1)
        self.assertIsNotNone(world().principal("Lucerne", "Notes"))
        for person, pages in ((self.lea, 0), (self.lotte, 1)):
            with self.subTest(person["display_name"]):
                result, again = web.sign_in("Notes", person)
                clients.access_token(result)
                self.assertEqual(again.asked_for_consent(), pages)

    def test_refused_consent_is_told_to_the_application_and_changes_nothing(self):
        for _ in range(2):
            result, seen = web.sign_in("Planner", self.lea, by=Browser(self.lea, "cancel"))
            self.assertEqual(result.get("error"), "access_denied", result)
            self.assertIn("AADSTS65004", result["error_description"])
            self.assertEqual(seen.asked_for_consent(), 1)
        self.assertIsNone(world().principal("Lucerne", "Planner"))

    def test_more_is_asked_for_when_it_is_needed(self):
        client = web.application("Diary")
        first = Browser(self.lea)
        clients.access_token(clients.sign_in(client, self.lea, clients.WEB_REDIRECT, ["User.Read"], by=first))
        self.assertEqual(first.asked_for_consent(), 1)
        [account] = client.get_accounts()
        silent = client.acquire_token_silent_with_error([world().scope(*STOCK_READ)], account)
        self.assertEqual((silent["error"], silent["suberror"]), ("invalid_grant", "consent_required"), silent)
        self.assertEqual((silent["error_codes"], silent["classification"]), ([65001], "consent_required"))
        result, more = web.sign_in("Diary", self.lea)
        self.assertEqual(clients.claims(clients.access_token(result))["scp"], "stock.read")
        self.assertEqual(more.asked_for_consent(), 1)
        self.assertIn("stock.read", " ".join(page.words() for page in more.seen))

    def test_prompt_consent_shows_what_was_accepted_before(self):
        clients.access_token(web.sign_in("Letters", self.lea)[0])
        result, again = web.sign_in("Letters", self.lea, prompt="consent")
        clients.access_token(result)
        self.assertEqual(again.asked_for_consent(), 1)

    def test_a_silent_request_never_shows_the_page(self):
        result, seen = web.sign_in("Silent", self.lea, permission="User.Read")
        clients.access_token(result)
        asked = web.sign_in("Silent", self.lea, by=seen, prompt="none")[0]
        self.assertIn(asked.get("error"), ("interaction_required", "consent_required"), asked)
        self.assertIn("AADSTS65001", asked["error_description"])

    def test_a_library_that_opens_the_browser_itself(self):
        """The person cancels, changes their mind, and is signed in."""
        with browser.opened_by(self.lea, "cancel"):
            with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS65004"):
                self.field_kit().get_token(world().scope(*STOCK_READ))
        with browser.opened_by(self.lea):
            token = self.field_kit().get_token(world().scope(*STOCK_READ))
        self.assertEqual(clients.claims(token.token)["oid"], self.lea["id"])

    def field_kit(self):
        return InteractiveBrowserCredential(
            tenant_id=world().tenant("Lucerne")["id"],
            client_id=world().application("Field Kit")["app_id"],
            timeout=30,
            **at_the_simulator(),
        )


class SeveralTiers(unittest.TestCase):
    def test_an_api_that_knows_its_client_is_consented_to_with_it(self):
        """One page shows what both need, and both are known in the tenant afterwards."""
        lea = world().person("Lucerne", "Lea")
        result, seen = web.sign_in("Desk", lea, ("Desk API", ".default"))
        claims = clients.claims(clients.access_token(result))
        self.assertEqual((claims["aud"], claims["scp"]), (world().application("Desk API")["app_id"], "desk.read"))
        self.assertEqual(seen.asked_for_consent(), 1)
        said = " ".join(page.words() for page in seen.seen)
        for permission in ("desk.read", "stock.read"):
            self.assertIn(permission, said)
        for name in ("Desk", "Desk API"):
            self.assertIsNotNone(world().principal("Lucerne", name))
        api = clients.confidential(world().application("Desk API"), world().authority("Lucerne"))
        further = api.acquire_token_on_behalf_of(clients.access_token(result), [world().scope(*STOCK_READ)])
        self.assertEqual(clients.claims(clients.access_token(further))["oid"], lea["id"])


if __name__ == "__main__":
    unittest.main()
