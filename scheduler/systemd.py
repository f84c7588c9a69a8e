"""What the service tells systemd: that it is ready, alive, or stopping. See sd_notify(3)."""

import socket
from collections.abc import Mapping
from contextlib import suppress

READY, ALIVE, STOPPING = "READY=1", "WATCHDOG=1", "STOPPING=1"


def notify(environ: Mapping[str, str], state: str) -> None:
    """Send one state to the socket that NOTIFY_SOCKET names; without one nobody asked."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        return
    if address.startswith("@"):  # the abstract namespace, in the notation of systemd
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:  # a manager may be gone
        line.sendto(state.encode(), address)
