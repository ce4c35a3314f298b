"""Where this process can be reached, and whether that is safe."""

import ipaddress
import os
import socket
import stat
from pathlib import Path
from typing import Final

_DESCRIPTORS: Final = (Path("/proc/self/fd"), Path("/dev/fd"))
REMEDY: Final = (
    "bind to 127.0.0.1 (`--host 127.0.0.1`), or give API keys (REASONED_API_KEYS, "
    "REASONED_API_KEYS_FILE), or say that it is meant so (REASONED_INSECURE=1)"
)


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def listening_hosts() -> tuple[str, ...] | None:
    """List the addresses at which this process listens for TCP; None if that is unknown.

    A server may have bound its socket itself or have been handed it by a parent, so the
    open file descriptors are asked, and not the command line.
    """
    folder = next((path for path in _DESCRIPTORS if path.is_dir()), None)
    if folder is None:
        return None
    hosts = (_listening_host(int(path.name)) for path in folder.iterdir() if path.name.isdigit())
    return tuple(sorted({host for host in hosts if host is not None}))


def exposure(hosts: tuple[str, ...] | None) -> str | None:
    """Say why listening there needs API keys, or None if it does not."""
    if hosts is None:
        return f"The service cannot find out where it listens, and has no API keys: {REMEDY}."
    open_hosts = [host for host in hosts if not is_loopback(host)]
    if not open_hosts:
        return None
    return (
        f"The service would listen on {', '.join(open_hosts)}, beyond loopback, "
        f"without API keys: {REMEDY}."
    )


def _listening_host(descriptor: int) -> str | None:
    try:
        if not stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return None
        with socket.socket(fileno=os.dup(descriptor)) as duplicate:
            if duplicate.family not in (socket.AF_INET, socket.AF_INET6):
                return None
            listens = duplicate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            return str(duplicate.getsockname()[0]) if listens else None
    except OSError:  # closed meanwhile, or a kind of socket that has no such option
        return None
