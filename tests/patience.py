"""How long tests wait for what must come, and where they listen, however busy the machine is."""

import socket
import time
from collections.abc import Callable

PATIENCE = 300.0
"""Seconds after which what has not come is taken never to come; nothing is judged by how long it took."""


def wait_until(has_come: Callable[[], object]) -> None:
    """Wait until something is true."""
    end = time.monotonic() + PATIENCE
    while not has_come():
        assert time.monotonic() < end, "never came true"
        time.sleep(0.02)


def free_port() -> int:
    """Return a port that nobody listens at now; who listens there must be ready to find it taken."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
