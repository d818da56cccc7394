"""Our executable in a process of its own: started by the first test that asks, ended with the interpreter."""

import atexit
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import tempfile
import time

import requests

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 10


class Running:
    """`tenantry` with some arguments, in a folder of its own that goes when it ends."""

    def __init__(self, *arguments):
        self.folder = tempfile.TemporaryDirectory(prefix="tenantry-python-")
        self.output = pathlib.Path(self.folder.name, "output.txt")
        self.arguments = arguments
        self.process = None

    def start(self, *addresses):
        """Starts it, and returns when all `addresses` answer."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [executable(), *self.arguments],
                cwd=self.folder.name,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        atexit.register(self.stop)
        deadline = time.monotonic() + START_SECONDS_MAX
        for address in addresses:
            self.wait_for(address, deadline)

    def wait_for(self, address, deadline):
        while not answers(address):
            if self.process.poll() is not None:
                raise RuntimeError(f"it ended with {self.process.returncode}:\n{self.said()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{address} did not answer in time:\n{self.said()}")
            time.sleep(0.05)

    def said(self):
        return self.output.read_text(errors="replace")

    def stop(self):
        """Ends it as Ctrl-C does, and gives its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def run(*arguments, said=""):
    """Runs it to its end, with `said` as its input, and gives what it printed."""
    done = subprocess.run([executable(), *arguments], input=said, capture_output=True, text=True, timeout=30)
    return done.stdout + done.stderr


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


def free_port_base(start):
    """The first of three neighbouring ports that nobody listens on."""
    for base in range(start, start + 7000, 7):
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


class Trust:
    """The certificate authorities of all that runs, where each library looks for them, as the documentation says."""

    # requests (MSAL, azure-identity); ssl (azure-identity's async half, the Graph SDK, fastapi-azure-auth, PyJWT).
    VARIABLES = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE")

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="tenantry-python-")
        self.bundle = pathlib.Path(self.folder.name, "ca.pem")
        os.environ["NO_PROXY"] = "localhost,127.0.0.1,.localhost"
        os.environ.pop("SSL_CERT_DIR", None)
        for variable in self.VARIABLES:
            os.environ.pop(variable, None)

    def add(self, http):
        """Adds the authority of the simulator at `http`."""
        with self.bundle.open("ab") as bundle:
            bundle.write(requests.get(f"{http}/sim/ca.pem", timeout=10).content)
        for variable in self.VARIABLES:
            os.environ[variable] = str(self.bundle)

    def context(self):
        """For libraries that take a context instead."""
        return ssl.create_default_context(cafile=self.bundle)


trust = Trust()
