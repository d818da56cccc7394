"""A second simulator, with the world of `world.toml`: the tests change it, so nothing else runs against it."""

import contextlib
import functools
import pathlib

import requests

import certificates
import directory
from running import Running, free_port_base, trust

TEMPLATE = pathlib.Path(__file__).with_name("world.toml")


class World(Running):
    """A running simulator, and what is in its directory."""

    def __init__(self):
        base = free_port_base(31800)
        super().__init__("simulate", "--config", "world.toml", "--http", str(base), "--https", str(base + 1))
        self.http = f"http://localhost:{base}"
        self.https = f"https://localhost:{base + 1}"
        text = TEMPLATE.read_text().replace("CERTIFICATE-OF-THE-TESTS", certificates.registered().base64())
        text = text.replace("ADDRESS-OF-THE-TESTS", self.https)
        pathlib.Path(self.folder.name, "world.toml").write_text(text)

    def start(self):
        super().start(f"{self.http}/sim/health")
        trust.add(self.http)
        self.look()

    def look(self):
        """Reads the directory, at the start and whenever a test changed it."""
        self.everything = self.control("directory")

    def authority(self, tenant):
        """Of a tenant by name, or of `organizations`, `common`."""
        aliases = ("organizations", "common", "consumers")
        return f"{self.https}/{tenant if tenant in aliases else self.tenant(tenant)['id']}"

    def tenant(self, name):
        return directory.only(self.everything["tenants"], lambda it: it["name"] == name, f"tenant {name}")

    def application(self, name):
        return directory.only(self.everything["applications"], lambda it: it["display_name"] == name, name)

    def person(self, tenant, name):
        """By first name."""
        people = self.tenant(tenant)["users"]
        return directory.only(people, lambda it: it["display_name"].startswith(name), f"{name} at {tenant}")

    def principal(self, tenant, name):
        """The local half of an application in a tenant; `None` if nobody consented to it there."""
        self.look()
        app_id = self.application(name)["app_id"]
        return next((it for it in self.tenant(tenant)["service_principals"] if it["app_id"] == app_id), None)

    def scope(self, api, name=".default"):
        """The full name of a permission of an API."""
        return f"{self.application(api)['identifier_uris'][0]}/{name}"

    @contextlib.contextmanager
    def native_allow_list(self, enabled):
        """Entra's own list of tenants on or off. Our world starts with it on."""
        self.control("native-allow-list", {"enabled": enabled})
        try:
            yield
        finally:
            self.control("native-allow-list", {"enabled": True})

    @contextlib.contextmanager
    def clock(self, offset_s):
        """The simulator's clock ahead of ours."""
        self.control("clock", {"offset_s": offset_s})
        try:
            yield
        finally:
            self.control("clock", {"offset_s": 0})

    def control(self, name, body=None):
        """Asks a control of the simulator, or with a body sets it."""
        method = "GET" if body is None else "POST"
        answer = requests.request(method, f"{self.http}/sim/{name}", json=body, timeout=10)
        if not answer.ok:
            raise AssertionError(f"/sim/{name}: {answer.status_code} {answer.text}")
        return answer.json()


@functools.cache
def start():
    running = World()
    try:
        running.start()
    except (OSError, RuntimeError) as failure:
        return None, failure
    return running, None


def world():
    """The one simulator with our world."""
    running, failure = start()
    if failure:
        raise failure
    return running
