"""A real Redis on a free port of loopback, as long as a test needs one."""

import contextlib
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.live_server import free_port


@contextlib.contextmanager
def running_redis(folder: Path, port: int | None = None) -> Iterator[int]:
    """Start one, wait until it answers, and give its port."""
    binary = shutil.which("redis-server")
    if binary is None:
        pytest.skip("redis-server is not installed: apt-get install redis-server")
    port = port or free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    options += ["--save", "", "--appendonly", "no"]
    with subprocess.Popen([binary, *options], stdout=subprocess.PIPE, text=True) as process:
        try:
            _until_ready(process, port)
            yield port
        finally:
            process.kill()
            process.communicate()


def _until_ready(process: subprocess.Popen[str], port: int) -> None:
    for line in process.stdout or ():
        if "Ready to accept connections" in line:
            break
    with socket.create_connection(("127.0.0.1", port), timeout=10) as probe:
        probe.sendall(b"PING\r\n")
        if probe.recv(16) != b"+PONG\r\n":
            raise RuntimeError("redis-server does not answer")
