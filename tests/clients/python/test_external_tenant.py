"""A directory of customers (External ID) has a host of its own. MSAL signs them in there as at any authority."""

import socket
import unittest
import unittest.mock

import jwt

import clients
from world import world

TENANT = "Tailspin Customers"
HOST = "tailspincustomers.localhost"


def resolved(host, *rest, known=socket.getaddrinfo, **options):
    """What a line in `/etc/hosts` would do. Browsers find such names by themselves."""
    name = host.decode() if isinstance(host, bytes) else host
    return known("localhost" if str(name).endswith(".localhost") else host, *rest, **options)


class ExternalTenant(unittest.TestCase):
    def setUp(self):
        self.enterContext(unittest.mock.patch("socket.getaddrinfo", resolved))
        self.tenant, self.cora = world().tenant(TENANT)["id"], world().person(TENANT, "Cora")
        self.issuer = f"{world().https.replace('localhost', f'{self.tenant}.localhost')}/{self.tenant}/v2.0"

    def at(self, host, path, **options):
        return clients.public(
            world().application("Toy Shop"), f"{world().https.replace('localhost', host)}/{path}", **options
        )

    def assert_customer(self, client):
        result = clients.sign_in(client, self.cora, scopes=[world().scope("Toy Shop API", "shop.use")])
        token = clients.access_token(result)
        keys = jwt.PyJWKClient(f"{self.issuer.removesuffix('/v2.0')}/discovery/v2.0/keys")
        key = keys.get_signing_key_from_jwt(token)
        audience = world().application("Toy Shop API")["app_id"]
        claims = jwt.decode(token, key, ["RS256"], audience=audience, issuer=self.issuer)
        self.assertEqual((claims["oid"], claims["tid"]), (self.cora["id"], self.tenant))

    def test_by_the_tenant_s_id_and_by_its_domain(self):
        for path in (self.tenant, "customers.tailspin.example"):
            with self.subTest(path):
                self.assert_customer(self.at(HOST, path))

    def test_by_the_issuer_as_plain_openid_connect(self):
        client = clients.public(world().application("Toy Shop"), None, oidc_authority=self.issuer)
        self.assert_customer(client)

    def test_there_is_no_other_tenant_at_that_host(self):
        for path in ("organizations", "common", world().tenant("Tailspin")["id"]):
            with self.subTest(path):
                with self.assertRaises(ValueError):
                    self.at(HOST, path).get_accounts()


if __name__ == "__main__":
    unittest.main()
