"""The Graph SDK reads and changes directories; what it changes shows in the next token."""

import unittest
import uuid

import httpx
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import InteractiveBrowserCredential, aio
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.key_credential import KeyCredential
from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.oauth2_permission_grants.oauth2_permission_grants_request_builder import (
    Oauth2PermissionGrantsRequestBuilder,
)
from msgraph.generated.service_principals.service_principals_request_builder import ServicePrincipalsRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core.requests.batch_request_content import BatchRequestContent
from msgraph_core.requests.batch_request_item import BatchRequestItem

import browser
import certificates
import clients
import graph
from browser import Browser
from identity import at_the_simulator
from running import trust
from world import world


def asking(builder, parameters, **query):
    """A request with query options."""
    return RequestConfiguration(query_parameters=getattr(builder, parameters)(**query))


class Directory(unittest.IsolatedAsyncioTestCase):
    """Everything is done by a program that administrators of the tenant trust with their directory."""

    def tool(self, tenant="Woodgrove"):
        return graph.client(self.credential("Directory Tool", tenant))

    def credential(self, name, tenant):
        application = world().application(name)
        return self.of(tenant, application["app_id"], application["secrets"][0])

    def of(self, tenant, client_id, secret):
        made = aio.ClientSecretCredential(world().tenant(tenant)["id"], client_id, secret, **at_the_simulator())
        self.addAsyncCleanup(made.close)
        return made

    async def made_here(self, tool, name, **more):
        """A registration that is gone after the test."""
        application = await tool.applications.post(Application(display_name=name, **more))

        async def clean_up():
            await tool.applications.by_application_id(application.id).delete()

        self.addAsyncCleanup(clean_up)
        return application

    async def principal_of(self, tool, name):
        """The local half of an application, found by its client id."""
        wanted = asking(
            ServicePrincipalsRequestBuilder,
            "ServicePrincipalsRequestBuilderGetQueryParameters",
            filter=f"appId eq '{world().application(name)['app_id']}'",
        )
        [found] = (await tool.service_principals.get(wanted)).value
        return found

    async def refused(self, status, code, awaitable):
        with self.assertRaises(ODataError) as refusal:
            await awaitable
        error = refusal.exception
        self.assertEqual((error.response_status_code, error.error.code), (status, code), error.error.message)
        self.assertTrue(error.error.message)


class People(Directory):
    def test_a_person_sees_who_they_are(self):
        walter = world().person("Woodgrove", "Walter")
        self.enterContext(browser.opened_by(walter))
        credential = InteractiveBrowserCredential(
            tenant_id=world().tenant("Woodgrove")["id"],
            client_id=world().application("Orders CLI")["app_id"],
            timeout=30,
            **at_the_simulator(),
        )

        async def me():
            return await graph.client(credential, "User.Read").me.get()

        found = self._asyncioRunner.run(me())
        self.assertEqual((found.id, found.user_principal_name), (walter["id"], walter["upn"]))
        self.assertEqual(found.display_name, walter["display_name"])

    async def test_people_come_in_pages(self):
        wanted = {user["upn"] for user in world().tenant("Woodgrove")["users"]}
        users, seen = self.tool().users, []
        page = await users.get(asking(UsersRequestBuilder, "UsersRequestBuilderGetQueryParameters", top=1))
        while page:
            self.assertEqual(len(page.value), 1)
            seen += [user.user_principal_name for user in page.value]
            self.assertLessEqual(len(seen), len(wanted))
            page = await users.with_url(page.odata_next_link).get() if page.odata_next_link else None
        self.assertEqual(set(seen), wanted)

    async def test_one_person_is_found_by_name_and_by_filter(self):
        tina = world().person("Woodgrove", "Wanda")
        tool = self.tool()
        for key in (tina["id"], tina["upn"]):
            self.assertEqual((await tool.users.by_user_id(key).get()).id, tina["id"])
        wanted = asking(
            UsersRequestBuilder,
            "UsersRequestBuilderGetQueryParameters",
            filter=f"userPrincipalName eq '{tina['upn']}'",
            select=["id", "displayName"],
        )
        [found] = (await tool.users.get(wanted)).value
        self.assertEqual((found.id, found.user_principal_name), (tina["id"], None))

    async def test_nobody_is_found_under_a_strange_name(self):
        await self.refused(404, "Request_ResourceNotFound", self.tool().users.by_user_id("nobody@x.example").get())

    async def test_the_organisation_is_the_one_of_the_token(self):
        for tenant in ("Woodgrove", "Tailspin"):
            [found] = (await self.tool(tenant).organization.get()).value
            self.assertEqual((found.id, found.display_name), (world().tenant(tenant)["id"], tenant))

    async def test_several_questions_go_in_one_batch(self):
        """The SDK keeps no JSON bodies of a batch, only what came of each question."""
        tool, batch = self.tool(), BatchRequestContent()
        wanted = {name: world().person("Woodgrove", name)["id"] for name in ("Wanda", "Walter")}
        for name, key in {**wanted, "nobody": str(uuid.uuid4())}.items():
            request = tool.users.by_user_id(key).to_get_request_information()
            batch.add_request(name, BatchRequestItem(request, id=name))
        answer = await tool.batch.post(batch)
        self.assertEqual(answer.get_response_by_id("nobody").status, 404)
        for name in wanted:
            one = answer.get_response_by_id(name)
            self.assertEqual((one.status, one.content_type.split(";")[0]), (200, "application/json"))


class Permissions(Directory):
    async def test_a_program_without_permissions_is_refused(self):
        tool = graph.client(self.credential("Orders Daemon", "Woodgrove"))
        await self.refused(403, "Authorization_RequestDenied", tool.users.get())

    async def test_a_token_for_another_api_is_refused(self):
        tool = graph.client(self.credential("Orders Daemon", "Woodgrove"), world().scope("Orders API"))
        await self.refused(401, "InvalidAuthenticationToken", tool.users.get())


class Registrations(Directory):
    async def test_a_registration_is_made_changed_and_removed(self):
        tool = self.tool()
        made = await tool.applications.post(Application(display_name="Made here", sign_in_audience="AzureADMyOrg"))
        uuid.UUID(made.id), uuid.UUID(made.app_id)
        one = tool.applications.by_application_id(made.id)
        await one.patch(Application(display_name="Changed", identifier_uris=[f"api://{made.app_id}"]))
        found = await one.get()
        self.assertEqual((found.display_name, found.identifier_uris), ("Changed", [f"api://{made.app_id}"]))
        await one.delete()
        await self.refused(404, "Request_ResourceNotFound", one.get())

    async def test_a_secret_counts_from_the_next_token_until_it_is_taken_away(self):
        tool = self.tool()
        made = await self.made_here(tool, "Has a secret")
        await tool.service_principals.post(ServicePrincipal(app_id=made.app_id))
        body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="first"))
        secret = await tool.applications.by_application_id(made.id).add_password.post(body)
        token = await self.of("Woodgrove", made.app_id, secret.secret_text).get_token(graph.DEFAULT)
        self.assertEqual(clients.claims(token.token)["tid"], world().tenant("Woodgrove")["id"])
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000215"):
            await self.of("Woodgrove", made.app_id, "guessed").get_token(graph.DEFAULT)

    async def test_a_certificate_counts_from_the_next_token(self):
        tool, known = self.tool(), certificates.stranger()
        made = await self.made_here(tool, "Has a certificate")
        await tool.service_principals.post(ServicePrincipal(app_id=made.app_id))

        async def token():
            where = (world().tenant("Woodgrove")["id"], made.app_id)
            proof = at_the_simulator(certificate_data=known.both_pem())
            async with aio.CertificateCredential(*where, **proof) as credential:
                return await credential.get_token(graph.DEFAULT)

        with self.assertRaises(ClientAuthenticationError):
            await token()
        key = KeyCredential(type="AsymmetricX509Cert", usage="Verify", key=known.der())
        await tool.applications.by_application_id(made.id).patch(Application(key_credentials=[key]))
        self.assertEqual(clients.claims((await token()).token)["appid"], made.app_id)

    async def test_a_role_given_to_a_program_is_in_its_next_token(self):
        tool = self.tool()
        made = await self.made_here(tool, "Gets a role")
        mine = await tool.service_principals.post(ServicePrincipal(app_id=made.app_id))
        secret = await tool.applications.by_application_id(made.id).add_password.post(AddPasswordPostRequestBody())
        orders = await self.principal_of(tool, "Orders API")
        [role] = [role for role in orders.app_roles if role.value == "Orders.Sync"]
        give = AppRoleAssignment(
            principal_id=uuid.UUID(mine.id), resource_id=uuid.UUID(orders.id), app_role_id=role.id
        )
        before = await self.of("Woodgrove", made.app_id, secret.secret_text).get_token(world().scope("Orders API"))
        self.assertEqual(clients.claims(before.token).get("roles", []), [])
        await tool.service_principals.by_service_principal_id(mine.id).app_role_assignments.post(give)
        after = await self.of("Woodgrove", made.app_id, secret.secret_text).get_token(world().scope("Orders API"))
        self.assertEqual(clients.claims(after.token)["roles"], ["Orders.Sync"])


class Grants(Directory):
    """Consent given and taken back by an administrator's program, at Lucerne."""

    async def test_a_grant_spares_people_the_page_and_its_removal_ends_renewal(self):
        tool, lea = self.tool("Lucerne"), world().person("Lucerne", "Lea")
        courier = await tool.service_principals.post(
            ServicePrincipal(app_id=world().application("Courier")["app_id"])
        )
        stock = await self.principal_of(tool, "Stock API")
        grant = await tool.oauth2_permission_grants.post(
            OAuth2PermissionGrant(
                client_id=courier.id, consent_type="AllPrincipals", resource_id=stock.id, scope="stock.read"
            )
        )
        client = clients.confidential(world().application("Courier"), world().authority("Lucerne"))
        scopes, seen = [world().scope("Stock API", "stock.read")], Browser(lea)
        clients.access_token(clients.sign_in(client, lea, clients.WEB_REDIRECT, scopes, by=seen))
        self.assertEqual(seen.asked_for_consent(), 0)
        wanted = asking(
            Oauth2PermissionGrantsRequestBuilder,
            "Oauth2PermissionGrantsRequestBuilderGetQueryParameters",
            filter=f"clientId eq '{courier.id}'",
        )
        [found] = (await tool.oauth2_permission_grants.get(wanted)).value
        self.assertEqual((found.id, found.scope), (grant.id, "stock.read"))
        await tool.oauth2_permission_grants.by_o_auth2_permission_grant_id(grant.id).delete()
        [account] = client.get_accounts()
        refused = client.acquire_token_silent_with_error(scopes, account, force_refresh=True)
        self.assertEqual((refused["error"], refused["error_codes"]), ("invalid_grant", [65001]), refused)
        await tool.service_principals.by_service_principal_id(courier.id).delete()
        self.assertIsNone(world().principal("Lucerne", "Courier"))


class Provisioning(Directory):
    """What set-up tools send by hand, as no SDK has it: keys of one's own choice, and Entra's own list of tenants."""

    async def send(self, method, path, body, tenant="Woodgrove", **headers):
        token = await self.credential("Directory Tool", tenant).get_token(graph.DEFAULT)
        async with httpx.AsyncClient(verify=trust.context()) as client:
            headers = {"Authorization": f"Bearer {token.token}", **headers}
            return await client.request(method, f"{world().https}/graph/{path}", json=body, headers=headers)

    async def test_a_registration_under_a_name_of_one_s_own_is_made_once(self):
        path, body = "v1.0/applications(uniqueName='python-tests')", {"displayName": "Made once"}
        self.assertEqual((await self.send("PATCH", path, body)).status_code, 404)
        for status in (201, 204):
            answer = await self.send("PATCH", path, body, Prefer="create-if-missing")
            self.assertEqual(answer.status_code, status, answer.text)
        self.assertEqual((await self.send("DELETE", path, None)).status_code, 204)

    async def test_entra_s_own_list_of_tenants_counts_from_the_next_token(self):
        listed = {"@odata.type": "#microsoft.graph.allowedTenantsAudience", "isHomeTenantAllowed": True}
        listed["allowedTenantIds"] = [world().tenant("Tailspin")["id"]]
        body = {"displayName": "Listed", "signInAudience": "AzureADMultipleOrgs"}
        body["signInAudienceRestrictions"] = listed
        made = (await self.send("POST", "beta/applications", body)).json()
        path = f"beta/applications/{made['id']}"
        self.addAsyncCleanup(self.send, "DELETE", path, None)
        seen = (await self.send("GET", f"{path}?$select=signInAudienceRestrictions", None)).json()
        self.assertEqual(seen["signInAudienceRestrictions"]["allowedTenantIds"], listed["allowedTenantIds"])
        secret = (await self.send("POST", f"{path}/addPassword", {})).json()["secretText"]
        for tenant in ("Tailspin", "Lucerne"):
            answer = await self.send("POST", "v1.0/servicePrincipals", {"appId": made["appId"]}, tenant)
            self.assertEqual(answer.status_code, 201, answer.text)
        await self.of("Tailspin", made["appId"], secret).get_token(graph.DEFAULT)
        with self.assertRaisesRegex(ClientAuthenticationError, "AADSTS7000119"):
            await self.of("Lucerne", made["appId"], secret).get_token(graph.DEFAULT)


if __name__ == "__main__":
    unittest.main()
