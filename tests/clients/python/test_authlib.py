"""Authlib, which knows nothing of Microsoft: plain OAuth 2.0 and OpenID Connect, secrets by HTTP Basic."""

import base64
import hashlib
import unittest

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.jwk import KeySet

import clients
from browser import Browser, SignInRefused
from world import world


def metadata(tenant):
    return requests.get(f"{world().authority(tenant)}/v2.0/.well-known/openid-configuration", timeout=10).json()


def session(name, scope, **options):
    application = world().application(name)
    return OAuth2Session(application["app_id"], application["secrets"][0], scope=scope, **options)


class Authlib(unittest.TestCase):
    def setUp(self):
        self.person, self.endpoints = world().person("Tailspin", "Tina"), metadata("Tailspin")
        self.scope = f"openid profile offline_access {world().scope('Orders API', 'orders.read')}"

    def signed_in(self, verifier=None, **options):
        """The session of a web application with its tokens. The code is redeemed without a scope."""
        web = session("Orders Web", self.scope, redirect_uri=clients.WEB_REDIRECT, **options)
        address, state = web.create_authorization_url(
            self.endpoints["authorization_endpoint"], code_verifier=verifier, nonce="n-1"
        )
        answer = Browser(self.person).visit(address, clients.WEB_REDIRECT)
        self.assertEqual(answer["state"], state)
        token = web.fetch_token(self.endpoints["token_endpoint"], code=answer["code"], code_verifier=verifier)
        return web, token

    def test_a_person_signs_in_with_and_without_pkce(self):
        for challenge, verifier in ((None, None), ("S256", generate_token(48))):
            with self.subTest(challenge):
                _, token = self.signed_in(verifier, code_challenge_method=challenge)
                claims = clients.claims(token["access_token"])
                self.assertEqual((claims["oid"], claims["azpacr"]), (self.person["id"], "1"))

    def test_a_secret_may_be_in_the_header_or_in_the_body(self):
        for method in ("client_secret_basic", "client_secret_post"):
            with self.subTest(method):
                _, token = self.signed_in(token_endpoint_auth_method=method)
                self.assertEqual(token["token_type"], "Bearer")

    def test_the_identity_is_signed_by_the_published_keys(self):
        _, token = self.signed_in()
        keys = KeySet.import_key_set(requests.get(self.endpoints["jwks_uri"], timeout=10).json())
        claims = jwt.decode(token["id_token"], keys, algorithms=["RS256"]).claims
        rules = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.endpoints["issuer"]},
            aud={"essential": True, "value": world().application("Orders Web")["app_id"]},
            nonce={"essential": True, "value": "n-1"},
        )
        rules.validate(claims)
        self.assertEqual(claims["preferred_username"], self.person["upn"])

    def test_tokens_are_renewed(self):
        web, token = self.signed_in()
        renewed = web.refresh_token(self.endpoints["token_endpoint"], token["refresh_token"])
        self.assertNotEqual(renewed["access_token"], token["access_token"])
        self.assertEqual(clients.claims(renewed["access_token"])["scp"], "orders.read")

    def test_a_program_signs_in_by_itself(self):
        daemon = session("Orders Daemon", world().scope("Orders API"))
        token = daemon.fetch_token(self.endpoints["token_endpoint"], grant_type="client_credentials")
        self.assertEqual(clients.claims(token["access_token"])["roles"], ["Orders.Sync"])

    def test_a_wrong_secret_is_refused(self):
        daemon = session("Orders Daemon", world().scope("Orders API"))
        daemon.client_secret = "wrong"
        with self.assertRaisesRegex(OAuthError, "invalid_client.*AADSTS7000215"):
            daemon.fetch_token(self.endpoints["token_endpoint"], grant_type="client_credentials")


class Hybrid(unittest.TestCase):
    """Code and identity from the authorize endpoint at once (OpenID Connect Core 3.3)."""

    def answered(self, name, **wishes):
        scope = f"openid profile {world().scope('Orders API', 'orders.read')}"
        web = session(name, scope, redirect_uri=clients.WEB_REDIRECT)
        wanted = {"response_type": "code id_token", "nonce": "n-2", "response_mode": "form_post", **wishes}
        address, state = web.create_authorization_url(metadata("Tailspin")["authorization_endpoint"], **wanted)
        answer = Browser(world().person("Tailspin", "Tina")).visit(address, clients.WEB_REDIRECT)
        self.assertEqual(answer["state"], state)
        return web, answer

    def test_the_identity_vouches_for_the_code(self):
        for mode in ("form_post", "fragment"):
            with self.subTest(mode):
                web, answer = self.answered("Orders Web", response_mode=mode)
                keys = KeySet.import_key_set(requests.get(metadata("Tailspin")["jwks_uri"], timeout=10).json())
                claims = jwt.decode(answer["id_token"], keys, algorithms=["RS256"]).claims
                half = hashlib.sha256(answer["code"].encode()).digest()[:16]
                self.assertEqual(claims["c_hash"], base64.urlsafe_b64encode(half).decode().rstrip("="))
                self.assertEqual(claims["nonce"], "n-2")
                token = web.fetch_token(metadata("Tailspin")["token_endpoint"], code=answer["code"])
                self.assertEqual(clients.claims(token["access_token"])["scp"], "orders.read")

    def test_a_registration_has_to_allow_it(self):
        _, answer = self.answered("Notes")
        self.assertEqual(answer["error"], "unsupported_response_type", answer)

    def test_a_query_is_no_place_for_it(self):
        with self.assertRaisesRegex(SignInRefused, "AADSTS70007"):
            self.answered("Orders Web", response_mode="query")


if __name__ == "__main__":
    unittest.main()
