"""Personal accounts: a tenant of their own, at `consumers` and `common`, and guests of organisations."""

import unittest

import browser
import clients
import directory
from demo import demo

PERSONAL = "9188040d-6c67-4c5b-b112-36a304b66dad"


class Personal(unittest.TestCase):
    def setUp(self):
        self.casey = directory.tenant("Personal accounts")["users"][0]

    def signed_in(self, authority, **wishes):
        return clients.sign_in(clients.native(authority), self.casey, scopes=["User.Read"], **wishes)

    def test_the_tenant_of_personal_accounts_stands_in_the_token(self):
        for authority in ("consumers", "common", PERSONAL):
            with self.subTest(authority):
                result = self.signed_in(authority)
                clients.access_token(result)
                claims = result["id_token_claims"]
                self.assertEqual((claims["tid"], claims["iss"]), (PERSONAL, f"{demo().https}/{PERSONAL}/v2.0"))

    def test_organisations_are_not_for_them(self):
        with self.assertRaisesRegex(browser.SignInRefused, "AADSTS50020"):
            self.signed_in("organizations")

    def test_a_program_that_is_for_organisations_alone_refuses_them(self):
        with self.assertRaisesRegex(browser.SignInRefused, "AADSTS700016"):
            clients.sign_in(clients.web("common"), self.casey, clients.WEB_REDIRECT, ["User.Read"])

    def test_a_guest_belongs_to_the_organisation_and_says_where_the_account_lives(self):
        contoso = directory.tenant("Contoso")
        token = clients.token_of(self.casey, contoso["id"])
        claims = clients.claims(token)
        guest, _ = directory.guest("Contoso", "Personal accounts")
        self.assertEqual((claims["tid"], claims["oid"]), (contoso["id"], guest["id"]))
        self.assertIn(claims["idp"], ("live.com", f"https://sts.windows.net/{PERSONAL}/"))


if __name__ == "__main__":
    unittest.main()
