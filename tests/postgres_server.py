"""A PostgreSQL server of the tests' own, in a temporary folder, stopped at the end."""

import contextlib
import dataclasses
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, final

import pg8000.dbapi
import pytest

_PLACES: Final = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
)
_HOW: Final = "no PostgreSQL server is installed: apt-get install postgresql"
# Nothing that the tests look at outlives the machine.
_QUICK: Final = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
_USER: Final = "tests"
_MEMORY: Final = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
_ENOUGH: Final = 2_000_000_000  # bytes


@final
@dataclasses.dataclass(frozen=True)
class PostgresServer:
    """A running server.

    Attributes
    ----------
    folder
        Of its data and its socket.
    binaries
        The folder of its programs.

    """

    folder: Path
    binaries: Path

    def address(self, database: str) -> str:
        """Give the address of one of its databases."""
        return f"postgresql://{_USER}@/{database}?unix_sock={self.folder}/.s.PGSQL.5432"

    def new_database(self, name: str) -> str:
        """Make an empty database, and give its address."""
        with contextlib.closing(self._connect()) as connection:
            connection.autocommit = True
            cursor = connection.cursor()
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        return self.address(name)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = f"-k {self.folder} -c listen_addresses= {_QUICK}"
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self, *, lasting: bool = True) -> None:
        """Stop it at once, with those that are connected.

        What was written is kept where that is `lasting`; else it is lost, and takes no time.
        """
        self._control("stop", "-m", "fast" if lasting else "immediate")

    def _control(self, *what: str) -> None:
        data = str(self.folder / "data")
        _run_unprivileged([str(self.binaries / "pg_ctl"), "-w", "-D", data, *what], self.folder)

    def _connect(self) -> "pg8000.dbapi.Connection":
        socket = f"{self.folder}/.s.PGSQL.5432"
        return pg8000.dbapi.connect(user=_USER, database="postgres", unix_sock=socket)


@contextlib.contextmanager
def running() -> Iterator[PostgresServer]:
    """Make a server, and run it."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI") or os.environ.get("REASONED_CI"):
            pytest.fail(_HOW)
        pytest.skip(_HOW)
    with _short_folder() as folder:
        server = PostgresServer(folder, binaries)
        making = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", _USER, "-A", "trust"]
        _run_unprivileged([*making, "--no-sync", "-E", "UTF8", "--locale=C"], folder)
        server.start()
        try:
            yield server
        finally:
            server.stop(lasting=False)


@contextlib.contextmanager
def _short_folder() -> Iterator[Path]:
    """Make a folder for the server's user, in memory where there is enough.

    The path of a socket may have 107 characters, and pytest's own folders are for root alone.
    """
    in_memory = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ENOUGH
    where = str(_MEMORY) if in_memory else None
    with tempfile.TemporaryDirectory(prefix="pg", dir=where, ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        folder = Path(made) / "server"
        folder.mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder, "nobody")
        yield folder


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).parent
    for pattern in _PLACES:
        for found in sorted(Path("/").glob(pattern[1:]), reverse=True):
            if (found / "initdb").exists():
                return found
    return None


def _run_unprivileged(command: list[str], folder: Path) -> None:
    """Run a program as somebody else than root, whom PostgreSQL refuses."""
    nobody = pwd.getpwnam("nobody")
    user, group = (nobody.pw_uid, nobody.pw_gid) if os.geteuid() == 0 else (None, None)
    with (folder.parent / "told").open("ab") as told:
        run = subprocess.run(
            command,
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdout=told,
            stderr=told,
            check=False,
            user=user,
            group=group,
            extra_groups=None if user is None else [],
        )
    if run.returncode:
        said = (folder.parent / "told").read_text()
        raise RuntimeError(f"{' '.join(command)} ended with {run.returncode}: {said}")
