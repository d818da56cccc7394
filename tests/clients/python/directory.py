"""Who there is in the simulator. Read from `GET /sim/directory`, so that no id is written down twice."""

import functools

import requests

from demo import demo


@functools.cache
def everything():
    answer = requests.get(f"{demo().https}/sim/directory", timeout=10)
    answer.raise_for_status()
    return answer.json()


def tenant(name):
    return only(everything()["tenants"], lambda tenant: tenant["name"] == name, f"tenant {name}")


def application(display_name):
    return only(everything()["applications"], lambda app: app["display_name"] == display_name, display_name)


def member(tenant_name, role):
    """A person of that tenant with exactly that app role; with none for `None`."""
    home, wanted = tenant(tenant_name), [role] if role else []
    return only(
        home["users"],
        lambda user: user["home_tenant"] == home["id"] and user["roles"] == wanted,
        f"member of {tenant_name} with the role {role}",
    )


def guest(tenant_name, home_tenant_name):
    """The guest object in one tenant of a person who lives in another, and that person."""
    home = tenant(home_tenant_name)
    people = tenant(tenant_name)["users"]
    here = only(people, lambda user: user["home_tenant"] == home["id"], f"guest from {home_tenant_name}")
    name = here["upn"].split("#EXT#")[0].replace("_", "@")
    return here, only(home["users"], lambda user: user["upn"] == name, name)


def only(candidates, wanted, description):
    for candidate in candidates:
        if wanted(candidate):
            return candidate
    raise LookupError(f"the simulator's directory has no {description}")


def api():
    """The API that the demo protects."""
    return application("Tasks API")


def scopes():
    """What a client asks for to call it as a person."""
    return [f"{api()['identifier_uris'][0]}/access_as_user"]
