"""Programs without a person sign in by client credentials."""

import unittest

import api
import clients
import directory


def token_for(daemon, tenant, secret=None):
    client = clients.daemon(daemon, directory.tenant(tenant)["id"], secret)
    return client.acquire_token_for_client([f"{directory.api()['identifier_uris'][0]}/.default"])


class Daemons(unittest.TestCase):
    def test_a_daemon_with_a_role_is_seen_as_an_application_of_its_tenant(self):
        for daemon, tenant in (("Contoso Daemon", "Contoso"), ("Fabrikam Daemon", "Fabrikam")):
            with self.subTest(daemon=daemon):
                token = clients.access_token(token_for(daemon, tenant))
                self.assertNotIn("scp", clients.claims(token))
                answer = api.me(token)
                self.assertEqual(answer.status_code, 200, answer.text)
                seen = answer.json()
                self.assertEqual(seen["tenant_id"], directory.tenant(tenant)["id"])
                self.assertEqual(seen["client_id"], directory.application(daemon)["app_id"])
                self.assertEqual(seen["kind"], "application")

    def test_its_second_token_comes_from_msal_s_memory(self):
        client = clients.daemon("Contoso Daemon", directory.tenant("Contoso")["id"])
        scopes = [f"{directory.api()['identifier_uris'][0]}/.default"]
        first = client.acquire_token_for_client(scopes)
        second = client.acquire_token_for_client(scopes)
        self.assertEqual(clients.access_token(first), clients.access_token(second))
        self.assertEqual(second["token_source"], "cache")

    def test_a_daemon_without_a_role_is_known_and_may_nothing(self):
        token = clients.access_token(token_for("Idle Daemon", "Contoso"))
        for method, path in (("GET", "/api/me"), ("GET", "/api/tasks"), ("POST", "/api/tasks")):
            with self.subTest(method=method, path=path):
                api.assert_forbidden(api.call(method, path, token, {"title": "x"} if method == "POST" else None))

    def test_a_wrong_secret_gets_no_token(self):
        result = token_for("Contoso Daemon", "Contoso", secret="wrong")
        self.assertEqual(result.get("error"), "invalid_client", result)

    def test_a_daemon_gets_no_token_where_nobody_consented_to_it(self):
        result = token_for("Contoso Daemon", "Fabrikam")
        self.assertNotIn("access_token", result)


if __name__ == "__main__":
    unittest.main()
