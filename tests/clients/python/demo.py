"""`tenantry demo` on free ports: the built-in world, and the tasks API behind our own gate."""

import functools

from running import Running, free_port_base, trust


class Demo(Running):
    """A running demo and its addresses. The ports are the documented ones: base, base + 1, base + 2."""

    def __init__(self):
        base = free_port_base(21800)
        super().__init__("demo", "--port-base", str(base))
        self.api = f"http://localhost:{base}"
        self.http = f"http://localhost:{base + 1}"
        self.https = f"https://localhost:{base + 2}"

    def start(self):
        super().start(f"{self.http}/sim/health", f"{self.api}/healthz")
        trust.add(self.http)


def demo():
    """The one demo of this run. One that did not start is not tried again: every test fails with the same reason."""
    running, failure = start()
    if failure:
        raise failure
    return running


@functools.cache
def start():
    running = Demo()
    try:
        running.start()
    except (OSError, RuntimeError) as failure:
        return None, failure
    return running, None
