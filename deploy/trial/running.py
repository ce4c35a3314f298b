"""A container of ours from start to stop, confined as in production."""

import contextlib
import dataclasses
import hashlib
import secrets
import socket
import time
import urllib.request
from collections.abc import Iterator
from typing import Final, final

from deploy.trial.commands import run
from deploy.trial.engine import Engine
from deploy.trial.errors import TrialError
from deploy.trial.process import cpu_seconds

# Some machines may not raise limits, and the engine's defaults would.
ULIMITS: Final = ("--ulimit", "nofile=4096:4096", "--ulimit", "nproc=4096:4096")
CONFINED: Final = (
    "--read-only",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--tmpfs=/tmp:rw,size=256m,mode=1777",
    "--memory=1g",
    "--pids-limit=256",
)
_GIVE_UP, _GRACE = 90.0, 40


@final
@dataclasses.dataclass(frozen=True)
class Running:
    """A container that answers.

    Attributes
    ----------
    engine
        What runs it.
    name
        Its name.
    url
        Where it answers.
    key
        The API key that it wants.
    pid
        Its first process, as this machine numbers it.
    seconds
        From the command that started it to the first answer of ``/readyz``.
    cpu
        Seconds of processor time that it took for that.

    """

    engine: Engine
    name: str
    url: str
    key: str
    pid: int
    seconds: float
    cpu: float

    def stop(self) -> int:
        """Ask it to end, and give its exit code."""
        self.engine.call("stop", "--time", str(_GRACE), self.name)
        return int(self.engine.call("inspect", "--format", "{{.State.ExitCode}}", self.name))


@contextlib.contextmanager
def running(engine: Engine, image: str) -> Iterator[Running]:
    """Start a container, wait until it is ready, and remove it in the end.

    Raises
    ------
    TrialError
        When it does not start, ends early, or is not ready in time; with its log.

    """
    name, port = f"reasoned-trial-{secrets.token_hex(4)}", _free_port()
    key = secrets.token_hex(32)
    began = time.monotonic()
    try:
        engine.call("run", "--detach", "--name", name, *_flags(key, port, image))
        _wait(engine, name, f"http://127.0.0.1:{port}")
        seconds = time.monotonic() - began
        pid = int(engine.call("inspect", "--format", "{{.State.Pid}}", name))
        yield Running(engine, name, f"http://127.0.0.1:{port}", key, pid, seconds, cpu_seconds(pid))
    finally:
        with contextlib.suppress(TrialError):
            engine.call("rm", "--force", "--volumes", name)


def _flags(key: str, port: int, image: str) -> tuple[str, ...]:
    digest = hashlib.sha256(key.encode()).hexdigest()
    own = ("--network=host", f"--env=REASONED_API_KEYS={digest}")
    return (*CONFINED, *ULIMITS, *own, image, "--port", str(port))


def _wait(engine: Engine, name: str, url: str) -> None:
    until = time.monotonic() + _GIVE_UP
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):
            return
        if engine.call("inspect", "--format", "{{.State.Running}}", name) != "true":
            raise TrialError(f"the container ended before it was ready: {_log(engine, name)}")
        time.sleep(0.02)
    raise TrialError(f"the container was not ready in {_GIVE_UP:g} s: {_log(engine, name)}")


def _log(engine: Engine, name: str) -> str:
    said = run((*engine.command, "logs", name), environment=engine.environment, errors=True)
    return said.strip()[-3000:]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
