"""`tenantry demo` on free ports: started by the first test that asks, ended with the interpreter."""

import atexit
import functools
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

import requests

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10


class Demo:
    """A running demo and its addresses. The ports are the documented ones: base, base + 1, base + 2."""

    def __init__(self):
        base = free_port_base()
        self.api = f"http://localhost:{base}"
        self.http = f"http://localhost:{base + 1}"
        self.https = f"https://localhost:{base + 2}"
        self.folder = tempfile.TemporaryDirectory(prefix="tenantry-python-")
        self.output = pathlib.Path(self.folder.name, "output.txt")
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [executable(), "demo", "--port-base", str(base)],
                cwd=self.folder.name,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait_until_it_answers(self):
        deadline = time.monotonic() + START_SECONDS_MAX
        for address in (f"{self.http}/sim/health", f"{self.api}/healthz"):
            while not answers(address):
                if self.process.poll() is not None:
                    raise RuntimeError(f"the demo ended with {self.process.returncode}:\n{self.said()}")
                if time.monotonic() > deadline:
                    raise RuntimeError(f"{address} did not answer in time:\n{self.said()}")
                time.sleep(0.05)

    def trust(self):
        """What the documentation tells a developer to do: MSAL finds the simulator's authority by this variable."""
        bundle = pathlib.Path(self.folder.name, "ca.pem")
        bundle.write_bytes(requests.get(f"{self.http}/sim/ca.pem", timeout=10).content)
        os.environ["REQUESTS_CA_BUNDLE"] = str(bundle)

    def said(self):
        return self.output.read_text(errors="replace")

    def stop(self):
        """Ends the demo as Ctrl-C does, and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def demo():
    """The one demo of this run. One that did not start is not tried again: every test fails with the same reason."""
    running, failure = start()
    if failure:
        raise failure
    return running


@functools.cache
def start():
    os.environ["NO_PROXY"] = "localhost,127.0.0.1"
    os.environ.pop("REQUESTS_CA_BUNDLE", None)
    try:
        running = Demo()
        atexit.register(running.stop)
        running.wait_until_it_answers()
        running.trust()
    except (OSError, RuntimeError) as failure:
        return None, failure
    return running, None


def executable():
    named = os.environ.get("TENANTRY_BIN", "target/debug/tenantry")
    path = pathlib.Path(named).resolve()
    if not path.is_file():
        raise RuntimeError(f"there is no executable {path}: build it, or name it in TENANTRY_BIN")
    return str(path)


def answers(address):
    try:
        return requests.get(address, timeout=5).status_code == 200
    except requests.ConnectionError:
        return False


def free_port_base():
    """The first of three neighbouring ports that nobody listens on."""
    for base in range(21800, 29000, 7):
        if all(is_free(port) for port in range(base, base + 3)):
            return base
    raise RuntimeError("no three free neighbouring ports")


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
