"""PyJWT judges the simulator's tokens by the published keys, as an API without a framework would."""

import json
import unittest
import urllib.request

import jwt

import orders_cli
from world import world


def metadata(tenant):
    with urllib.request.urlopen(f"{world().https}/{tenant}/v2.0/.well-known/openid-configuration") as answer:
        return json.load(answer)


def judged(text, tenant, keys_of="common"):
    """The claims, if a token is genuine and of that tenant."""
    key = jwt.PyJWKClient(metadata(keys_of)["jwks_uri"]).get_signing_key_from_jwt(text)
    expected = metadata("common")["issuer"].replace("{tenantid}", world().tenant(tenant)["id"])
    audience = world().application("Orders API")["app_id"]
    return jwt.decode(text, key, ["RS256"], audience=audience, issuer=expected)


class PyJwt(unittest.TestCase):
    def test_keys_of_common_serve_every_organisation(self):
        for name, tenant in (("Walter", "Woodgrove"), ("Tina", "Tailspin")):
            with self.subTest(tenant):
                claims = judged(orders_cli.token(name, tenant), tenant)
                self.assertEqual(claims["oid"], world().person(tenant, name)["id"])

    def test_keys_of_a_tenant_serve_it_too(self):
        claims = judged(orders_cli.token("Tina", "Tailspin"), "Tailspin", keys_of="tailspin.example")
        self.assertEqual(claims["scp"], "orders.read")

    def test_a_genuine_token_of_another_organisation_has_another_issuer(self):
        with self.assertRaises(jwt.InvalidIssuerError):
            judged(orders_cli.token("Walter", "Woodgrove"), "Tailspin")

    def test_published_keys_are_those_of_entra_in_shape(self):
        with urllib.request.urlopen(metadata("common")["jwks_uri"]) as answer:
            keys = json.load(answer)["keys"]
        self.assertGreaterEqual(len(keys), 2)
        for key in keys:
            self.assertEqual((key["kty"], key["use"], key["kid"]), ("RSA", "sig", key["x5t"]))
            self.assertNotIn("alg", key)

    def test_an_unknown_organisation_has_no_metadata(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            metadata("99999999-0000-4000-a000-000000000009")
        said = json.load(refused.exception)
        self.assertEqual((refused.exception.code, said["error"]), (400, "invalid_tenant"))
        self.assertEqual(said["error_codes"], [90002])


if __name__ == "__main__":
    unittest.main()
