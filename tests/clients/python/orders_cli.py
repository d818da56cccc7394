"""The command-line program of `world.toml`: how people of several tenants come by tokens for its APIs."""

import clients
from world import world


def client(authority="organizations", **options):
    return clients.public(world().application("Orders CLI"), world().authority(authority), **options)


def token(name, tenant, authority="organizations", api="Orders API", permission="orders.read"):
    """What a person of a tenant gets by signing in at an authority."""
    scopes = [world().scope(api, permission)]
    result = clients.sign_in(client(authority), world().person(tenant, name), scopes=scopes)
    return clients.access_token(result)
