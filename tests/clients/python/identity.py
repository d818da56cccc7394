"""azure-identity as a developer configures it for the simulator: the authority's host, and no instance discovery."""

import logging

from world import world

# It logs each refusal, and asyncio what takes long; the tests look at what comes of it.
logging.getLogger("azure.identity").setLevel(logging.CRITICAL)
logging.getLogger("asyncio").setLevel(logging.ERROR)


def at_the_simulator(**options):
    """What each credential needs to know."""
    return {"authority": world().https, "disable_instance_discovery": True, **options}
