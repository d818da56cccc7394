"""An API behind fastapi-azure-auth takes the simulator's tokens, and refuses them for the same reasons as Entra's."""

import unittest

import clients
import fastapi_server
import orders_cli
from world import world


class MultiTenant(unittest.TestCase):
    def api(self, api="Orders API", **options):
        """One whose customers are Woodgrove and Tailspin, by a list of its own."""
        allowed = {world().tenant(name)["id"] for name in ("Woodgrove", "Tailspin")}
        audience = world().application(api)["app_id"]
        protection = fastapi_server.scheme(world().https, options.pop("audience", audience), allowed, **options)
        served = fastapi_server.Api(protection)
        self.enterContext(served)
        return served

    def refused(self, answer, status, reason):
        self.assertEqual(answer.status_code, status, answer.text)
        self.assertIn(reason, answer.text)

    def test_people_of_two_tenants_are_let_in(self):
        api = self.api()
        for name, tenant in (("Walter", "Woodgrove"), ("Tina", "Tailspin")):
            with self.subTest(name):
                answer = api.me(orders_cli.token(name, tenant))
                self.assertEqual(answer.status_code, 200, answer.text)
                person = world().person(tenant, name)
                seen = {"tid": world().tenant(tenant)["id"], "oid": person["id"], "roles": ["Reader"]}
                self.assertEqual(answer.json(), {**seen, "scp": ["orders.read"], "guest": False})

    def test_a_daemon_is_let_in_with_its_role(self):
        daemon = clients.confidential(world().application("Orders Daemon"), world().authority("Tailspin"))
        result = daemon.acquire_token_for_client([world().scope("Orders API")])
        answer = self.api().me(clients.access_token(result))
        self.assertEqual((answer.status_code, answer.json()["roles"]), (200, ["Orders.Sync"]))

    def test_nobody_is_let_in_without_a_token(self):
        self.assertEqual(self.api().me(None).status_code, 401)

    def test_an_unlisted_tenant_is_refused_by_the_issuer_callback(self):
        """Entra's own list off: the token is genuine, and the API alone keeps it out."""
        with world().native_allow_list(False):
            genuine = orders_cli.token("Adam", "Adatum")
        self.refused(self.api().me(genuine), 401, "not a customer")

    def test_a_guest_is_a_guest_in_the_resource_tenant_only(self):
        as_guest = orders_cli.token("Tina", "Tailspin", authority="Woodgrove")
        at_home = orders_cli.token("Tina", "Tailspin")
        strict, open_to_guests = self.api(), self.api(allow_guest_users=True)
        self.refused(strict.me(as_guest), 403, "Guest users not allowed")
        self.assertEqual(strict.me(at_home).status_code, 200)
        seen = open_to_guests.me(as_guest).json()
        self.assertEqual((seen["guest"], seen["tid"]), (True, world().tenant("Woodgrove")["id"]))
        self.assertEqual(open_to_guests.me(at_home).json()["guest"], False)

    def test_a_token_for_another_api_is_refused(self):
        stock = orders_cli.token("Walter", "Woodgrove", api="Stock API", permission="stock.read")
        self.refused(self.api().me(stock), 401, "invalid claims")
        self.assertEqual(self.api("Stock API").me(stock).status_code, 200)

    def test_a_version_1_token_needs_version_1_expectations(self):
        name = "Orders API, version 1"
        old = orders_cli.token("Walter", "Woodgrove", api=name)
        self.refused(self.api(name).me(old), 401, "invalid claims")
        uri = world().application(name)["identifier_uris"][0]
        expecting = self.api(name, audience=uri, issuer="https://sts.windows.net/{tid}/")
        self.assertEqual(expecting.me(old).status_code, 200)

    def test_tokens_that_are_wrong_on_purpose_are_refused(self):
        api = self.api()
        wishes = {
            "tenant": "tailspin.example",
            "user": "tina@tailspin.example",
            "audience": world().application("Orders API")["app_id"],
        }
        for wrong, reason in (
            ({}, None),
            ({"lifetime_s": -3600}, "expired"),
            ({"sign_with": "unpublished"}, "no signing keys found"),
            ({"sign_with": "none"}, "Unable to validate token"),
            ({"claims": {"tid": world().tenant("Woodgrove")["id"]}}, "invalid claims"),
            ({"claims": {"aud": None}}, "invalid claims"),
        ):
            with self.subTest(**wrong):
                minted = world().control("tokens", {**wishes, "listener": "https", **wrong})["token"]
                answer = api.me(minted)
                if reason:
                    self.refused(answer, 401, reason)
                else:
                    self.assertEqual(answer.status_code, 200, answer.text)

    def test_an_application_s_own_key_is_found_when_its_id_is_said(self):
        own = orders_cli.token("Walter", "Woodgrove", api="Ledger API", permission="ledger.read")
        self.refused(self.api("Ledger API").me(own), 401, "no signing keys found")
        self.assertEqual(self.api("Ledger API", openid_config_use_app_id=True).me(own).status_code, 200)

    def test_an_announced_rotation_is_not_noticed(self):
        world().control("keys/rotate", {"publish_only": True})
        api = self.api()
        self.assertEqual(api.me(orders_cli.token("Walter", "Woodgrove")).status_code, 200)
        before = world().control("keys/rotate", {})["current"]
        self.assertEqual(api.me(orders_cli.token("Walter", "Woodgrove")).status_code, 200, before)

    def test_a_sudden_rotation_is_refused_until_the_keys_are_loaded_again(self):
        """The library keeps keys for a day, and does not ask again for one that it does not know."""
        api = self.api()
        self.assertEqual(api.me(orders_cli.token("Walter", "Woodgrove")).status_code, 200)
        world().control("keys/rotate", {})
        new = orders_cli.token("Walter", "Woodgrove")
        self.refused(api.me(new), 401, "no signing keys found")
        self.assertEqual(self.api().me(new).status_code, 200)

    def test_a_token_of_a_withdrawn_key_is_refused_by_an_api_that_starts_afterwards(self):
        old = orders_cli.token("Walter", "Woodgrove")
        world().control("keys/rotate", {"withdraw": True})
        self.refused(self.api().me(old), 401, "no signing keys found")
        self.assertEqual(self.api().me(orders_cli.token("Walter", "Woodgrove")).status_code, 200)


class SingleTenant(unittest.TestCase):
    def test_only_the_own_organisation_is_let_in(self):
        audience, own = world().application("Orders API")["app_id"], world().tenant("Tailspin")["id"]
        with fastapi_server.Api(fastapi_server.single_tenant(world().https, audience, own)) as api:
            self.assertEqual(api.me(orders_cli.token("Tina", "Tailspin")).status_code, 200)
            self.assertEqual(api.me(orders_cli.token("Walter", "Woodgrove")).status_code, 401)


if __name__ == "__main__":
    unittest.main()
