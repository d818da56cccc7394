"""Gate 1: whoever is not of a listed tenant stays outside, however valid the token; and learns nothing from it."""

import unittest

import api
import browser
import clients
import directory
import mint


class UnlistedTenant(unittest.TestCase):
    """Northwind consented to the API, its tokens are validly signed, and it is on nobody's list."""

    def assert_stranger(self, token):
        answer = api.me(token)
        api.assert_invalid_token(answer)
        northwind, said = directory.tenant("Northwind"), api.everything_said(answer).lower()
        for secret in (northwind["id"], "northwind", "tenant", "allow", *northwind["domains"]):
            self.assertNotIn(secret.lower(), said)
        forged = mint.token("Contoso", user=directory.member("Contoso", "Admin")["id"], sign_with="other-key")
        self.assertEqual(api.everything_said(answer), api.everything_said(api.me(forged)))

    def test_entra_s_own_list_stops_them_at_the_sign_in(self):
        user = directory.member("Northwind", "Admin")
        with mint.native_allow_list(enabled=True):
            with self.assertRaisesRegex((browser.SignInRefused, AssertionError), "7000118"):
                clients.token_of(user)
            clients.token_of(directory.member("Contoso", "Admin"))

    def test_people_are_refused_when_that_list_is_off(self):
        with mint.native_allow_list(enabled=False):
            for role in ("Admin", "Editor", "Reader"):
                for authority in ("organizations", directory.tenant("Northwind")["id"]):
                    with self.subTest(role=role, authority=authority):
                        token = clients.token_of(directory.member("Northwind", role), authority)
                        self.assertEqual(clients.claims(token)["tid"], directory.tenant("Northwind")["id"])
                        self.assert_stranger(token)

    def test_programs_are_refused_as_well(self):
        scopes = [f"{directory.api()['identifier_uris'][0]}/.default"]
        tenant = directory.tenant("Northwind")["id"]
        with mint.native_allow_list(enabled=False):
            result = clients.daemon("Northwind Daemon", tenant).acquire_token_for_client(scopes)
        self.assert_stranger(clients.access_token(result))

    def test_minted_tokens_are_refused_in_both_versions(self):
        user = directory.member("Northwind", "Admin")["id"]
        for version in (1, 2):
            with self.subTest(version=version):
                self.assert_stranger(mint.token("Northwind", user=user, roles=["Admin"], version=version))

    def test_personal_accounts_are_strangers_too(self):
        casey = directory.tenant("Personal accounts")["users"][0]["id"]
        self.assert_stranger(mint.token("Personal accounts", user=casey, roles=["Admin"]))

    def test_every_method_of_every_path_refuses(self):
        token = mint.token("Northwind", user=directory.member("Northwind", "Admin")["id"], roles=["Admin"])
        for method, path in (
            ("GET", "/api/me"),
            ("GET", "/api/tasks"),
            ("POST", "/api/tasks"),
            ("GET", "/api/tasks/1"),
            ("PATCH", "/api/tasks/1"),
            ("DELETE", "/api/tasks/1"),
        ):
            with self.subTest(method=method, path=path):
                api.assert_invalid_token(api.call(method, path, token))

    def test_a_listed_tenant_passes_with_a_token_made_the_same_way(self):
        """Else everything above could be refused for the wrong reason."""
        user = directory.member("Contoso", "Admin")["id"]
        for wishes in ({"version": 1}, {"version": 2}, {"version": 2, "listener": "http"}):
            with self.subTest(**wishes):
                answer = api.me(mint.token("Contoso", user=user, roles=["Admin"], **wishes))
                self.assertEqual(answer.status_code, 200, answer.text)


class WrongToken(unittest.TestCase):
    """Tokens of listed tenants that are not for this API, or not access tokens."""

    def test_no_token_gets_a_challenge_without_an_error(self):
        api.assert_no_token(api.me(None))

    def test_a_token_for_another_api_is_refused(self):
        user = directory.member("Contoso", "Admin")
        invoices = directory.application("Invoices API")["identifier_uris"][0]
        result = clients.sign_in(clients.native(), user, scopes=[f"{invoices}/invoices.read"])
        api.assert_invalid_token(api.me(clients.access_token(result)))

    def test_an_id_token_is_refused(self):
        result = clients.sign_in(clients.native(), directory.member("Contoso", "Admin"))
        clients.access_token(result)
        id_token = clients.sign_in(clients.web(), directory.member("Contoso", "Admin"), clients.WEB_REDIRECT)
        for answer in (result, id_token):
            api.assert_invalid_token(api.me(answer["id_token"]))

    def test_a_refresh_token_is_refused(self):
        result = clients.sign_in(clients.native(), directory.member("Contoso", "Admin"))
        api.assert_invalid_token(api.me(result["refresh_token"]))

    def test_a_changed_token_is_refused(self):
        token = clients.token_of(directory.member("Contoso", "Reader"))
        header, payload, signature = token.split(".")
        api.assert_invalid_token(api.me(f"{header}.{payload}.{signature[:-8]}AAAAAAAA"))
        api.assert_invalid_token(api.me(f"{header}.{payload[:-4]}AAAA.{signature}"))
        api.assert_invalid_token(api.me(f"{header}.{payload}."))

    def test_forged_signatures_are_refused(self):
        user = directory.member("Contoso", "Admin")["id"]
        for key in ("other-key", "unpublished", "none", "hmac-public-key"):
            with self.subTest(sign_with=key):
                api.assert_invalid_token(api.me(mint.token("Contoso", user=user, roles=["Admin"], sign_with=key)))

    def test_an_expired_token_is_refused(self):
        user = directory.member("Contoso", "Admin")["id"]
        api.assert_invalid_token(api.me(mint.token("Contoso", user=user, roles=["Admin"], lifetime_s=-3600)))


if __name__ == "__main__":
    unittest.main()
