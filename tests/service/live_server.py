"""The service as a process of its own, on loopback unless a test says otherwise."""

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx2

ROOT = Path(__file__).parents[2]
PATIENCE = 600
EVERYWHERE = "0.0.0.0"  # noqa: S104  asked for, so that it is seen refused


@dataclass(frozen=True)
class LiveServer:
    """A server that answers, and its process."""

    port: int
    process: subprocess.Popen[str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: str, settings: dict[str, str]) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("REASONED_", "BENTOML_"))}
    fixed = {"BENTOML_HOME": home, "BENTOML_DO_NOT_TRACK": "True", "OMP_NUM_THREADS": "1"}
    state = {"XDG_STATE_HOME": str(Path(home) / "state")}  # not the user's ledger
    return {**kept, **fixed, **state, "PYTHONPATH": str(ROOT), **settings}


@contextlib.contextmanager
def serving(
    settings: dict[str, str],
    host: str = "127.0.0.1",
    cwd: Path = ROOT,
    target: str = "service.app:app",
) -> Iterator[LiveServer]:
    """Start `bentoml serve`, wait until it is ready, and stop it afterwards."""
    port = free_port()
    command = ["-m", "bentoml", "serve", target, "--host", host, "--port", str(port)]
    with (
        tempfile.TemporaryDirectory() as home,
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            [sys.executable, *command],
            cwd=cwd,
            env=environment(home, settings),
            stdout=log,
            stderr=log,
            text=True,
        ) as process,
    ):
        server = LiveServer(port, process)
        try:
            _wait_until_ready(server)
            yield server
        except BaseException:
            log.seek(0)
            sys.stderr.write(log.read())
            raise
        finally:
            process.terminate()


def ended(
    command: Sequence[str], settings: dict[str, str], pass_fds: Sequence[int] = ()
) -> tuple[int, str]:
    """Run a command that is expected to end by itself; give its exit code and its words."""
    with tempfile.TemporaryDirectory() as home:
        finished = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment(home, settings),
            capture_output=True,
            text=True,
            pass_fds=pass_fds,
            timeout=60,
            check=False,
        )
    return finished.returncode, finished.stdout + finished.stderr


def _wait_until_ready(server: LiveServer) -> None:
    for _ in range(PATIENCE):
        with contextlib.suppress(httpx2.HTTPError):
            if httpx2.get(f"{server.url}/readyz").status_code == httpx2.codes.OK:
                return
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = server.process.wait(timeout=0.1)
            raise RuntimeError(f"the server ended with {code} before it was ready")
    raise RuntimeError("the server was never ready")
