"""A device without a keyboard shows a code; a person enters it in a browser elsewhere (RFC 8628)."""

import unittest

from azure.core.exceptions import ClientAuthenticationError
from azure.identity import DeviceCodeCredential

import clients
import orders_cli
from browser import Browser, SignInRefused
from identity import at_the_simulator
from world import world

# MSAL asks before it looks whether to go on, so that a question costs no waiting.
ASK_ONCE = {"exit_condition": lambda flow: True}


class Msal(unittest.TestCase):
    def setUp(self):
        self.scope = world().scope("Orders API", "orders.read")

    def started(self, authority="organizations"):
        client = orders_cli.client(authority)
        flow = client.initiate_device_flow([self.scope])
        self.assertIn("user_code", flow, flow)
        return client, flow

    def enter(self, flow, person, **wishes):
        return Browser(person, code=flow["user_code"], **wishes).confirm_device(flow["verification_uri"])

    def test_the_device_is_told_what_to_show(self):
        _, flow = self.started()
        self.assertIn(flow["user_code"], flow["message"])
        self.assertIn(flow["verification_uri"], flow["message"])
        self.assertEqual(flow["expires_in"], 900)

    def test_it_waits_until_the_person_is_done_and_then_is_signed_in(self):
        client, flow = self.started()
        pending = client.acquire_token_by_device_flow(flow, **ASK_ONCE)
        self.assertEqual(pending.get("error"), "authorization_pending")
        person = world().person("Tailspin", "Tina")
        self.assertIn("signed in on the device", self.enter(flow, person))
        claims = clients.claims(clients.access_token(client.acquire_token_by_device_flow(flow, **ASK_ONCE)))
        self.assertEqual((claims["oid"], claims["scp"]), (person["id"], "orders.read"))
        [account] = client.get_accounts()
        renewed = client.acquire_token_silent([self.scope], account, force_refresh=True)
        self.assertEqual(clients.claims(clients.access_token(renewed))["oid"], person["id"])

    def test_a_guest_signs_in_at_the_resource_tenant(self):
        client, flow = self.started("Woodgrove")
        self.enter(flow, world().person("Tailspin", "Tina"))
        claims = clients.claims(clients.access_token(client.acquire_token_by_device_flow(flow, **ASK_ONCE)))
        self.assertEqual(claims["oid"], world().person("Woodgrove", "Tina")["id"])

    def test_a_person_who_declines_ends_it(self):
        client, flow = self.started()
        self.assertIn("cancelled", self.enter(flow, world().person("Tailspin", "Tina"), decision="cancel"))
        result = client.acquire_token_by_device_flow(flow, **ASK_ONCE)
        self.assertEqual(result.get("error"), "authorization_declined", result)

    def test_a_code_is_good_for_one_sign_in(self):
        client, flow = self.started()
        self.enter(flow, world().person("Tailspin", "Tina"))
        clients.access_token(client.acquire_token_by_device_flow(flow, **ASK_ONCE))
        again, _ = self.started()
        self.assertIn("error", again.acquire_token_by_device_flow(flow, **ASK_ONCE))

    def test_a_code_that_nobody_entered_in_time_has_expired(self):
        client, flow = self.started()
        with world().clock(offset_s=901):
            result = client.acquire_token_by_device_flow(flow, **ASK_ONCE)
        self.assertEqual(result.get("error"), "expired_token", result)

    def test_a_code_that_was_never_given_out_is_refused(self):
        client, flow = self.started()
        result = client.acquire_token_by_device_flow({**flow, "device_code": "made-up"}, **ASK_ONCE)
        self.assertEqual(result.get("error"), "bad_verification_code", result)

    def test_an_unlisted_tenant_gets_nothing_while_entra_s_own_list_is_on(self):
        adam = world().person("Adatum", "Adam")
        client, flow = self.started()
        with self.assertRaisesRegex(SignInRefused, "AADSTS7000118"):
            self.enter(flow, adam)
        self.assertNotIn("access_token", client.acquire_token_by_device_flow(flow, **ASK_ONCE))
        with world().native_allow_list(False):
            client, flow = self.started()
            self.enter(flow, adam)
            clients.access_token(client.acquire_token_by_device_flow(flow, **ASK_ONCE))


class AzureIdentity(unittest.TestCase):
    def credential(self, name, decision="accept"):
        def shown(address, code, _expires):
            Browser(world().person("Tailspin", name), decision, code=code).confirm_device(address)

        return DeviceCodeCredential(
            world().application("Orders CLI")["app_id"],
            tenant_id="organizations",
            prompt_callback=shown,
            **at_the_simulator(),
        )

    def test_a_person_signs_in_and_is_remembered(self):
        credential, scope = self.credential("Tina"), world().scope("Orders API", "orders.read")
        first = credential.get_token(scope)
        self.assertEqual(clients.claims(first.token)["oid"], world().person("Tailspin", "Tina")["id"])
        self.assertEqual(credential.get_token(scope).token, first.token)

    def test_a_person_who_declines_ends_it(self):
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS70017|declined"):
            self.credential("Tina", "cancel").get_token(world().scope("Orders API", "orders.read"))


if __name__ == "__main__":
    unittest.main()
