"""What administrators have to agree to, for everybody in their organisation.

Each test has an application of its own in `world.toml`, which nobody at Lucerne and Proseware knows at the start.
"""

import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential

import clients
import web
from browser import Browser, SignInRefused
from identity import at_the_simulator
from world import world


class Administrators(unittest.TestCase):
    def test_a_permission_for_administrators_is_not_a_person_s_to_grant(self):
        lea, luis = world().person("Lucerne", "Lea"), world().person("Lucerne", "Luis")
        count = ("Stock API", "stock.count")
        with self.assertRaisesRegex(SignInRefused, "90094") as refused:
            web.sign_in("Counter", lea, count)
        link = refused.exception.page.links["admin-consent-link"]
        answer = web.admin_consent(link, luis)
        self.assertEqual(answer["admin_consent"], "True", answer)
        result, seen = web.sign_in("Counter", lea, count)
        self.assertEqual(clients.claims(clients.access_token(result))["scp"], "stock.count")
        self.assertEqual(seen.asked_for_consent(), 0)

    def test_where_people_may_not_consent_an_administrator_does_it_for_everybody(self):
        piet, petra = world().person("Proseware", "Piet"), world().person("Proseware", "Petra")
        with self.assertRaisesRegex(SignInRefused, "90094"):
            web.sign_in("Kiosk", piet)
        result, _ = web.sign_in("Kiosk", petra, by=Browser(petra, for_everybody=True))
        clients.access_token(result)
        result, seen = web.sign_in("Kiosk", piet)
        clients.access_token(result)
        self.assertEqual(seen.asked_for_consent(), 0)

    def test_a_program_works_where_an_administrator_agreed(self):
        night = world().application("Night Audit")
        lea, luis = world().person("Lucerne", "Lea"), world().person("Lucerne", "Luis")

        def credential():
            secret, tenant = night["secrets"][0], world().tenant("Lucerne")["id"]
            return ClientSecretCredential(tenant, night["app_id"], secret, **at_the_simulator())

        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000229"):
            credential().get_token(world().scope("Stock API"))
        address = web.admin_consent_address("Night Audit", "Lucerne", scope=world().scope("Stock API"))
        with self.assertRaises(SignInRefused):
            web.admin_consent(address, lea)
        refused = web.admin_consent(address, luis, decision="cancel")
        self.assertEqual((refused["error"], refused["state"]), ("access_denied", "s p"), refused)
        self.assertNotIn("tenant", refused)
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000229"):
            credential().get_token(world().scope("Stock API"))
        agreed = web.admin_consent(address, luis)
        self.assertEqual((agreed["admin_consent"], agreed["tenant"]), ("True", world().tenant("Lucerne")["id"]))
        self.assertEqual(agreed["state"], "s p")
        self.assertIn("stock.read", agreed["scope"])
        token = credential().get_token(world().scope("Stock API")).token
        self.assertEqual(clients.claims(token)["roles"], ["Stock.Audit"])

    def test_the_older_endpoint_grants_what_the_registration_asks_for(self):
        petra = world().person("Proseware", "Petra")
        answer = web.admin_consent(web.admin_consent_address("Night Audit", "Proseware", version=""), petra)
        tenant = world().tenant("Proseware")["id"]
        self.assertEqual(answer, {"admin_consent": "True", "tenant": tenant, "state": "s p"})
        daemon = clients.confidential(world().application("Night Audit"), world().authority("Proseware"))
        result = daemon.acquire_token_for_client([world().scope("Stock API")])
        self.assertEqual(clients.claims(clients.access_token(result))["roles"], ["Stock.Audit"])

    def test_an_administrator_of_another_tenant_is_refused(self):
        address = web.admin_consent_address("Night Audit", "Proseware", scope=world().scope("Stock API"))
        try:
            answer = web.admin_consent(address, world().person("Lucerne", "Luis"))
        except SignInRefused as page:
            self.assertIn("50020", str(page))
        else:
            self.assertEqual(answer["error"], "access_denied", answer)

    def test_an_api_that_does_not_has_to_be_there_first(self):
        lea, luis = world().person("Lucerne", "Lea"), world().person("Lucerne", "Luis")
        permission = ("Shop API", "shop.read")
        with self.assertRaisesRegex(SignInRefused, "650052"):
            web.sign_in("Shop", lea, permission)
        web.admin_consent(web.admin_consent_address("Shop API", "Lucerne", version=""), luis)
        result, seen = web.sign_in("Shop", lea, permission)
        self.assertEqual(clients.claims(clients.access_token(result))["scp"], "shop.read")
        self.assertEqual(seen.asked_for_consent(), 1)


if __name__ == "__main__":
    unittest.main()
