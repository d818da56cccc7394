"""Tokens made to order by the simulator, and its switches."""

import contextlib

import requests

import directory
from demo import demo


def token(tenant, **wishes):
    """Any token, valid or wrong on purpose. Without wishes: an access token of a person for the tasks API."""
    wanted = {
        "tenant": directory.tenant(tenant)["id"],
        "audience": directory.api()["app_id"],
        "client": directory.application("Tasks CLI")["app_id"],
        "scopes": ["access_as_user"],
        **wishes,
    }
    return control("tokens", wanted)["token"]


@contextlib.contextmanager
def native_allow_list(enabled):
    """Entra's own list of tenants on or off. The demo starts with it off: there the API stands alone."""
    before = control("native-allow-list")["enabled"]
    control("native-allow-list", {"enabled": enabled})
    try:
        yield
    finally:
        control("native-allow-list", {"enabled": before})


def control(name, body=None):
    """Asks a control of the simulator, or with a body sets it."""
    method = "GET" if body is None else "POST"
    answer = requests.request(method, f"{demo().https}/sim/{name}", json=body, timeout=10)
    if not answer.ok:
        raise AssertionError(f"/sim/{name}: {answer.status_code} {answer.text}")
    return answer.json()
