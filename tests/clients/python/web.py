"""Web applications of `world.toml` as their developer would run them: MSAL with a secret, people in browsers."""

import urllib.parse

import clients
from browser import Browser
from world import world

STOCK_READ = ("Stock API", "stock.read")


def application(name, authority="organizations"):
    """A fresh MSAL application: MSAL remembers refusals for a minute."""
    return clients.confidential(world().application(name), world().authority(authority))


def sign_in(name, person, permission=STOCK_READ, by=None, authority="organizations", **wishes):
    """A person signs in to an application: MSAL's answer, and the browser with the pages that were seen."""
    by = by or Browser(person)
    wanted = [permission if isinstance(permission, str) else world().scope(*permission)]
    client = application(name, authority)
    return clients.sign_in(client, person, clients.WEB_REDIRECT, wanted, by=by, **wishes), by


def admin_consent_address(name, tenant, version="v2.0/", **more):
    """The link to send to an administrator. Without a version the older endpoint."""
    asked = {"client_id": world().application(name)["app_id"], "redirect_uri": clients.WEB_REDIRECT, "state": "s p"}
    return f"{world().authority(tenant)}/{version}adminconsent?{urllib.parse.urlencode({**asked, **more})}"


def admin_consent(address, person, **wishes):
    """What comes back to the application when a person follows that link."""
    return Browser(person, **wishes).visit(address, clients.WEB_REDIRECT)
