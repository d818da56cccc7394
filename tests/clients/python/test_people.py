"""People of allowed tenants sign in by authorization code with PKCE, and work."""

import unittest

import api
import browser
import clients
import directory

TENANTS = ["Contoso", "Fabrikam"]


class SignIn(unittest.TestCase):
    def assert_is(self, token, user, tenant):
        """The API sees the person, the tenant and the roles that the directory has."""
        answer = api.me(token)
        self.assertEqual(answer.status_code, 200, answer.text)
        seen = answer.json()
        self.assertEqual(seen["tenant_id"], tenant["id"])
        self.assertEqual(seen["object_id"], user["id"])
        self.assertEqual(seen["display_name"], user["display_name"])
        self.assertEqual(seen["roles"], user["roles"])

    def test_every_role_of_two_tenants_at_every_kind_of_authority(self):
        for name in TENANTS:
            tenant = directory.tenant(name)
            for role in ("Admin", "Editor", "Reader"):
                for authority in (tenant["id"], tenant["domains"][0], "organizations", "common"):
                    with self.subTest(tenant=name, role=role, authority=authority):
                        user = directory.member(name, role)
                        token = clients.token_of(user, authority)
                        self.assertEqual(clients.claims(token)["tid"], tenant["id"])
                        self.assert_is(token, user, tenant)

    def test_a_web_application_with_a_secret(self):
        for name in TENANTS:
            with self.subTest(tenant=name):
                user = directory.member(name, "Editor")
                result = clients.sign_in(clients.web(), user, clients.WEB_REDIRECT)
                self.assert_is(clients.access_token(result), user, directory.tenant(name))

    def test_a_client_may_ask_for_all_it_was_granted(self):
        """`{resource}/.default` asks for everything that was consented to."""
        user = directory.member("Contoso", "Reader")
        scopes = [f"{directory.api()['identifier_uris'][0]}/.default"]
        result = clients.sign_in(clients.native(), user, scopes=scopes)
        self.assert_is(clients.access_token(result), user, directory.tenant("Contoso"))

    def test_silent_renewal_gives_a_new_token_that_works(self):
        for name in TENANTS:
            with self.subTest(tenant=name):
                user, client = directory.member(name, "Editor"), clients.native()
                first = clients.access_token(clients.sign_in(client, user))
                [account] = client.get_accounts()
                cached = client.acquire_token_silent(directory.scopes(), account)
                self.assertEqual(clients.access_token(cached), first)
                renewed = client.acquire_token_silent(directory.scopes(), account, force_refresh=True)
                self.assertNotEqual(clients.access_token(renewed), first)
                self.assert_is(clients.access_token(renewed), user, directory.tenant(name))

    def test_accounts_are_known_by_home_object_and_tenant(self):
        client, user = clients.native(), directory.member("Fabrikam", "Reader")
        clients.access_token(clients.sign_in(client, user))
        [account] = client.get_accounts()
        self.assertEqual(account["home_account_id"], f"{user['id']}.{directory.tenant('Fabrikam')['id']}")

    def test_a_wrong_password_is_refused(self):
        user = dict(directory.member("Contoso", "Admin"), password="wrong")
        with self.assertRaises(browser.SignInRefused):
            clients.sign_in(clients.native(), user)

    def test_a_person_of_another_tenant_is_refused_at_a_tenant_s_authority(self):
        user, contoso = directory.member("Fabrikam", "Reader"), directory.tenant("Contoso")
        with self.assertRaisesRegex(browser.SignInRefused, "50020"):
            clients.sign_in(clients.native(contoso["id"]), user)

    def test_a_code_is_worth_nothing_without_its_verifier(self):
        client, user = clients.native(), directory.member("Contoso", "Reader")
        flow, answer = clients.code(client, user)
        flow["code_verifier"] = "x" * 43
        result = client.acquire_token_by_auth_code_flow(flow, answer)
        self.assertEqual(result.get("error"), "invalid_grant", result)

    def test_a_code_is_good_for_one_use(self):
        client, user = clients.native(), directory.member("Contoso", "Reader")
        flow, answer = clients.code(client, user)
        clients.access_token(client.acquire_token_by_auth_code_flow(flow, answer))
        again = clients.native().acquire_token_by_auth_code_flow(flow, answer)
        self.assertEqual(again.get("error"), "invalid_grant", again)

    def test_an_unregistered_redirect_uri_never_gets_a_code(self):
        user = directory.member("Contoso", "Reader")
        with self.assertRaisesRegex(browser.SignInRefused, "50011"):
            clients.sign_in(clients.web(), user, "http://localhost:5000/elsewhere")


if __name__ == "__main__":
    unittest.main()
