"""A guest belongs to the tenant that issued the token: one person, two identities, two sets of rows."""

import unittest

import api
import clients
import directory
import mint


class Guests(unittest.TestCase):
    def test_a_guest_is_seen_in_the_tenant_that_invited_them(self):
        guest, person = directory.guest("Contoso", "Fabrikam")
        contoso = directory.tenant("Contoso")
        token = clients.token_of(person, contoso["id"])
        seen = api.me(token).json()
        self.assertEqual(seen["tenant_id"], contoso["id"])
        self.assertEqual(seen["object_id"], guest["id"])
        self.assertEqual(seen["roles"], guest["roles"])
        self.assertEqual(seen["membership"], "guest")

    def test_the_same_person_at_home_is_somebody_else(self):
        guest, person = directory.guest("Contoso", "Fabrikam")
        seen = api.me(clients.token_of(person, "organizations")).json()
        self.assertEqual(seen["tenant_id"], directory.tenant("Fabrikam")["id"])
        self.assertEqual(seen["object_id"], person["id"])
        self.assertNotEqual(seen["object_id"], guest["id"])
        self.assertEqual(seen["membership"], "member")

    def test_rows_stay_in_the_tenant_where_they_were_made(self):
        _, person = directory.guest("Contoso", "Fabrikam")
        at_home = clients.token_of(person)
        as_guest = clients.token_of(person, directory.tenant("Contoso")["id"])
        row = api.call("POST", "/api/tasks", at_home, {"title": "made at home"}).json()
        self.assertEqual(api.call("GET", f"/api/tasks/{row['id']}", at_home).status_code, 200)
        self.assertEqual(api.call("GET", f"/api/tasks/{row['id']}", as_guest).status_code, 404)

    def test_one_sign_in_reaches_both_tenants(self):
        guest, person = directory.guest("Contoso", "Fabrikam")
        client, contoso = clients.native(), directory.tenant("Contoso")
        clients.access_token(clients.sign_in(client, person))
        seen = api.me(clients.access_token(clients.switch(client, contoso))).json()
        self.assertEqual((seen["tenant_id"], seen["object_id"]), (contoso["id"], guest["id"]))

    def test_a_refresh_token_does_not_open_a_tenant_without_an_account(self):
        client = clients.native()
        clients.access_token(clients.sign_in(client, directory.member("Fabrikam", "Reader")))
        refused = clients.switch(client, directory.tenant("Contoso"))
        self.assertEqual(refused.get("error"), "invalid_grant", refused)
        self.assertIn("AADSTS50020", refused["error_description"])

    def test_a_guest_from_an_unlisted_tenant_counts_as_the_inviting_tenant_s(self):
        guest, person = directory.guest("Contoso", "Northwind")
        seen = api.me(clients.token_of(person, directory.tenant("Contoso")["id"])).json()
        self.assertEqual(seen["object_id"], guest["id"])

    def test_the_same_person_is_refused_with_a_token_of_the_unlisted_tenant(self):
        _, person = directory.guest("Contoso", "Northwind")
        with mint.native_allow_list(enabled=False):
            token = clients.token_of(person, directory.tenant("Northwind")["id"])
        api.assert_invalid_token(api.me(token))


if __name__ == "__main__":
    unittest.main()
