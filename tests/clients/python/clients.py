"""MSAL as a developer configures it for the simulator: the authority's address, and no question to the public cloud."""

import base64
import json
import warnings

import msal

import directory
from browser import Browser
from demo import demo

NATIVE_REDIRECT = "http://localhost:5999"
WEB_REDIRECT = "http://localhost:5000/callback"


def public(application, authority, **options):
    """A program on a person's machine: no secret. Who signed in before is in the `token_cache`, if one is given."""
    return msal.PublicClientApplication(
        application["app_id"], authority=authority, instance_discovery=False, **options
    )


def confidential(application, authority, credential=None, **options):
    """A program that can keep a secret: by default the first one of its registration."""
    return msal.ConfidentialClientApplication(
        application["app_id"],
        client_credential=credential or application["secrets"][0],
        authority=authority,
        instance_discovery=False,
        **options,
    )


def native(tenant="organizations", token_cache=None):
    """The demo's command-line program."""
    return public(directory.application("Tasks CLI"), f"{demo().https}/{tenant}", token_cache=token_cache)


def web(tenant="organizations"):
    """The demo's server-side web application."""
    return confidential(directory.application("Tasks Web"), f"{demo().https}/{tenant}")


def daemon(display_name, tenant, secret=None):
    """One of the demo's programs without a person."""
    return confidential(directory.application(display_name), f"{demo().https}/{tenant}", secret)


def sign_in(client, user, redirect_uri=NATIVE_REDIRECT, scopes=None, **wishes):
    """Authorization code with PKCE, from the first address to the tokens: MSAL's answer, which may be an error."""
    return client.acquire_token_by_auth_code_flow(*code(client, user, redirect_uri, scopes, **wishes))


def code(client, user, redirect_uri=NATIVE_REDIRECT, scopes=None, by=None, **wishes):
    """The same up to the code: MSAL's notes of the flow, and what came back to the redirect URI.

    Each sign-in is done in a browser without cookies that accepts what is asked, or `by` a given one.
    """
    # A web application is posted to, as MSAL recommends; a program on a person's machine takes a query.
    mode = "form_post" if redirect_uri == WEB_REDIRECT else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        flow = client.initiate_auth_code_flow(
            scopes or directory.scopes(), redirect_uri=redirect_uri, response_mode=mode, **wishes
        )
    return flow, (by or Browser(user)).visit(flow["auth_uri"], redirect_uri)


def switch(client, tenant):
    """The person who signed in with `client` at another tenant, silently: MSAL redeems the refresh token there."""
    there = native(tenant["id"], client.token_cache)
    [account] = there.get_accounts()
    return there.acquire_token_silent_with_error(directory.scopes(), account)


def access_token(result):
    """The token in MSAL's answer. An error is shown in the authority's own words."""
    if "access_token" not in result:
        raise AssertionError(f"no token: {result.get('error')}: {result.get('error_description')}")
    return result["access_token"]


def token_of(user, tenant="organizations"):
    """An access token for the tasks API."""
    return access_token(sign_in(native(tenant), user))


def claims(token):
    """What a token says. For looking only: nothing is proven by it."""
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
