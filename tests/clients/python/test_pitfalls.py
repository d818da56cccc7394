"""What people stumble over, provoked with a real client: each time a page or a message says what to do (row 117).

The five pitfalls are those of a well-known walk-through of multi-tenant sign-in; the errors of consent those of
Microsoft's page on turning an application multi-tenant.
"""

import unittest
import uuid

from azure.identity import aio
from msgraph.generated.models.app_role_assignment import AppRoleAssignment

import api
import clients
import directory
import fastapi_server
import graph
import orders_cli
import web
from browser import Browser, SignInRefused
from identity import at_the_simulator
from running import run, trust
from world import world


class FivePitfalls(unittest.IsolatedAsyncioTestCase):
    def test_1_the_tenant_is_not_allowed(self):
        """The page names the list that keeps the tenant out. Where the API's own list does, its operator can ask."""
        with self.assertRaisesRegex(SignInRefused, r"AADSTS7000118.*What to do .*list of allowed tenants"):
            orders_cli.token("Adam", "Adatum")
        with world().native_allow_list(False):
            token = orders_cli.token("Adam", "Adatum")
        audience, listed = world().application("Orders API")["app_id"], world().tenant("Woodgrove")["id"]
        rules = ["--authority", world().https, "--audience", audience, "--ca-file", str(trust.bundle)]
        explained = run("token", "explain", *rules, "--tenant", listed, said=token)
        self.assertIn("what to do: If this organisation is a customer, put its tenant id on the allow-list", explained)

    def test_2_the_signing_key_is_unknown(self):
        """An API that keeps keys must look again when it meets a new one; a tenant must exist to have keys."""
        allowed, audience = {world().tenant("Woodgrove")["id"]}, world().application("Orders API")["app_id"]

        def scheme():
            return fastapi_server.scheme(world().https, audience, allowed)

        with fastapi_server.Api(scheme()) as kept:
            self.assertEqual(kept.me(orders_cli.token("Walter", "Woodgrove")).status_code, 200)
            world().control("keys/rotate", {})
            self.assertIn("no signing keys found", kept.me(orders_cli.token("Walter", "Woodgrove")).text)
        with fastapi_server.Api(scheme()) as looked_again:
            self.assertEqual(looked_again.me(orders_cli.token("Walter", "Woodgrove")).status_code, 200)
        nowhere = f"{world().https}/99999999-0000-4000-a000-000000000009"
        with self.assertRaisesRegex(ValueError, "double check your tenant name or GUID"):
            clients.public(world().application("Orders CLI"), nowhere).get_accounts()

    async def test_3_people_of_another_tenant_have_no_roles(self):
        """Roles are given in each tenant, by its own administrators: those at home count for nothing elsewhere."""
        theo = world().person("Tailspin", "Theo")
        self.assertNotIn("roles", clients.claims(orders_cli.token("Theo", "Tailspin")))
        without = clients.token_of(directory.member("Contoso", None))
        api.assert_forbidden(api.call("GET", "/api/tasks", without))
        given = await self.give("Tailspin", theo, "Reader")
        self.assertEqual(clients.claims(orders_cli.token("Theo", "Tailspin"))["roles"], ["Reader"])
        await given.delete()
        self.assertNotIn("roles", clients.claims(orders_cli.token("Theo", "Tailspin")))

    async def give(self, tenant, person, role):
        """Assigns a role of the orders API, as that tenant's administrators would in the portal."""
        tool = world().application("Directory Tool")
        where = (world().tenant(tenant)["id"], tool["app_id"], tool["secrets"][0])
        credential = aio.ClientSecretCredential(*where, **at_the_simulator())
        self.addAsyncCleanup(credential.close)
        principals = graph.client(credential).service_principals
        found = await principals.by_service_principal_id(world().principal(tenant, "Orders API")["id"]).get()
        [role_id] = [each.id for each in found.app_roles if each.value == role]
        assigned = principals.by_service_principal_id(found.id).app_role_assigned_to
        made = await assigned.post(
            AppRoleAssignment(
                principal_id=uuid.UUID(person["id"]), resource_id=uuid.UUID(found.id), app_role_id=role_id
            )
        )
        return assigned.by_app_role_assignment_id(made.id)

    def test_4_the_account_is_not_in_the_tenant(self):
        """50020 is about the person, whatever the walk-through says: the page offers another account."""
        with self.assertRaisesRegex(SignInRefused, r"AADSTS50020.*What to do .*invite it as a guest") as refused:
            orders_cli.token("Walter", "Woodgrove", "Tailspin")
        self.assertIn("Use another account", refused.exception.page.words())
        orders_cli.token("Walter", "Woodgrove", "Woodgrove")

    def test_4_the_application_is_not_in_the_tenant(self):
        """A missing service principal has codes of its own, and an administrator makes it with one link."""
        piet, petra = world().person("Proseware", "Piet"), world().person("Proseware", "Petra")
        daemon = clients.confidential(world().application("Orders Daemon"), world().authority("Proseware"))
        said = daemon.acquire_token_for_client([world().scope("Orders API")])
        self.assertIn("AADSTS7000229", said["error_description"])
        self.assertIn("installed by an administrator", said["error_description"])
        with self.assertRaisesRegex(SignInRefused, "AADSTS90094.*Send this link to an administrator") as refused:
            web.sign_in("Newcomer", piet)
        agreed = web.admin_consent(refused.exception.page.links["admin-consent-link"], petra)
        self.assertEqual(agreed["admin_consent"], "True", agreed)
        clients.access_token(web.sign_in("Newcomer", piet)[0])

    def test_5_an_administrator_does_not_see_tasks_of_other_tenants(self):
        editor, stranger = (
            clients.token_of(directory.member("Contoso", "Editor")),
            clients.token_of(directory.member("Fabrikam", "Admin")),
        )
        row = api.call("POST", "/api/tasks", editor, {"title": "for Contoso alone"}).json()
        seen = [task["id"] for task in api.call("GET", "/api/tasks", stranger).json()]
        self.assertNotIn(row["id"], seen)
        answer = api.call("GET", f"/api/tasks/{row['id']}", stranger)
        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (404, "application/problem+json"))


class ConsentErrors(unittest.TestCase):
    def test_a_single_tenant_application_is_used_by_everybody(self):
        """At an alias MSAL is told to use the tenant; people of another tenant are told whose it is."""
        walter, tina = world().person("Woodgrove", "Walter"), world().person("Tailspin", "Tina")
        said, _ = web.sign_in("Inhouse", walter, "User.Read")
        self.assertIn("AADSTS50194", said["error_description"])
        self.assertIn("tenant", said["error_description"])
        with self.assertRaisesRegex(SignInRefused, "AADSTS700016.*What to do .*another tenant"):
            web.sign_in("Inhouse", tina, "User.Read", authority="Tailspin")
        clients.access_token(web.sign_in("Inhouse", walter, "User.Read", authority="Woodgrove")[0])

    def test_a_person_is_asked_for_what_only_administrators_grant(self):
        lea, luis = world().person("Lucerne", "Lea"), world().person("Lucerne", "Luis")
        with self.assertRaisesRegex(SignInRefused, "AADSTS90094.*administrator of Lucerne is needed") as refused:
            web.sign_in("Auditor", lea, ("Stock API", ".default"))
        words = refused.exception.page.words()
        self.assertIn("Stock.Audit", words)
        answer = web.admin_consent(refused.exception.page.links["admin-consent-link"], luis)
        self.assertEqual(answer["admin_consent"], "True", answer)
        token = clients.access_token(
            web.application("Auditor", "Lucerne").acquire_token_for_client([world().scope("Stock API")])
        )
        self.assertEqual(clients.claims(token)["roles"], ["Stock.Audit"])

    def test_an_administrator_accepts_for_one_person_only(self):
        """Without the tick box others are asked as before; with it nobody is."""
        luis, lea = world().person("Lucerne", "Luis"), world().person("Lucerne", "Lea")
        clients.access_token(web.sign_in("Solo", luis)[0])
        said, _ = web.sign_in("Solo", lea, by=Browser(lea, "cancel"))
        self.assertIn("AADSTS65004", said["error_description"])
        for_all = Browser(luis, for_everybody=True)
        clients.access_token(web.sign_in("Solo", luis, by=for_all, prompt="consent")[0])
        result, quiet = web.sign_in("Solo", lea)
        clients.access_token(result)
        self.assertEqual(quiet.asked_for_consent(), 0)

    def test_the_api_is_missing_in_the_tenant(self):
        """The page says that the API comes first. How it gets there is in `test_consent.py`."""
        petra = world().person("Proseware", "Petra")
        with self.assertRaisesRegex(SignInRefused, "AADSTS650052.*What to do .*consent to it there"):
            web.sign_in("Shop", petra, ("Shop API", "shop.read"))


if __name__ == "__main__":
    unittest.main()
