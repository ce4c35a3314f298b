"""A file from the network: resumed where it was cut, and kept only if it is the right one."""

import dataclasses
import gzip
import hashlib
import os
import urllib.error
import urllib.request
import zlib
from collections.abc import Callable
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, cast, final

from tqdm import tqdm

from reasoned.errors import DownloadError

_ATTEMPTS = 3
_PIECE = 1 << 18
_PATIENCE_SECONDS = 30.0
_PARTIAL_CONTENT = 206
_RANGE_NOT_SATISFIABLE = 416


@final
@dataclasses.dataclass(frozen=True, slots=True)
class RemoteFile:
    """A published file.

    Attributes
    ----------
    mirrors
        The addresses of the same file, tried in turn.
    sha256
        The digest of what `unpacked` reads from the file.
    unpacked
        Opens the file that came for reading: `open_compressed` where it is to be kept
        uncompressed, else `open_plainly`.

    """

    mirrors: tuple[str, ...]
    sha256: str
    unpacked: Callable[[Path], IO[bytes]]


def open_plainly(path: Path) -> IO[bytes]:
    """Open a file that is to be kept as it came."""
    return path.open("rb")


def open_compressed(path: Path) -> IO[bytes]:
    """Open a gzip file that is to be kept uncompressed."""
    return cast("IO[bytes]", gzip.open(path, "rb"))


def download(remote: RemoteFile, destination: Path) -> Path:
    """Fetch a file; what is not complete and right never bears the final name.

    What came before an interruption stays beside `destination` as ``NAME.part``, and the
    next call goes on from there.

    Raises
    ------
    DownloadError
        When no mirror gives the right file; the message says why and how to do without.

    """
    destination.parent.mkdir(parents=True, exist_ok=True)
    part = destination.with_name(destination.name + ".part")
    problems: list[str] = []
    for url in remote.mirrors:
        for _ in range(_ATTEMPTS):
            before = _size(part)
            problem = _attempt(remote, url, part, destination)
            if problem is None:
                return destination
            problems.append(f"{url}: {problem}")
            # Another try helps only if more came, or if what lay there spoilt the file.
            if before >= _size(part) and not (before and not part.exists()):
                break
    raise DownloadError(
        f"{destination.name} could not be downloaded: {'; '.join(dict.fromkeys(problems))}. "
        "Without a network, put the files of the data set into a folder and name it "
        "with --data-dir FOLDER"
    )


def _attempt(remote: RemoteFile, url: str, part: Path, destination: Path) -> str | None:
    try:
        _transfer(url, part)
        return _settle(remote, part, destination)
    except (OSError, HTTPException) as error:
        return str(error) or type(error).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _transfer(url: str, part: Path) -> None:
    have = _size(part)
    headers = {"User-Agent": "reasoned", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  mirrors are constants of the package
    try:
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as reply:  # noqa: S310  as above
            _receive(reply, part, have)
    except urllib.error.HTTPError as error:
        error.close()
        # Nothing lies behind what is here: it may be whole, which its digest will tell.
        if not (have and error.code == _RANGE_NOT_SATISFIABLE):
            raise


def _receive(reply: HTTPResponse, part: Path, have: int) -> None:
    resumed = reply.status == _PARTIAL_CONTENT
    if resumed and not reply.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
        part.unlink()
        raise OSError(f"asked for the bytes from {have} on, the server sent others")
    start = have if resumed else 0
    length = reply.headers.get("Content-Length")
    total = start + int(length) if length else None
    with (
        part.open("ab" if resumed else "wb") as file,
        tqdm(total=total, initial=start, unit="B", unit_scale=True, disable=None) as bar,
    ):
        while piece := reply.read(_PIECE):
            file.write(piece)
            bar.update(len(piece))
    if total is not None and _size(part) != total:
        raise OSError(f"the connection ended after {_size(part)} of {total} bytes")


def _settle(remote: RemoteFile, part: Path, destination: Path) -> str | None:
    """Keep the file under its final name if it is the right one; else say what is wrong."""
    beside = destination.with_name(f"{destination.name}.{os.getpid()}.unpacked")
    digest = hashlib.sha256()
    try:
        with remote.unpacked(part) as came, beside.open("wb") as file:
            while piece := came.read(_PIECE):
                digest.update(piece)
                file.write(piece)
        if digest.hexdigest() == remote.sha256:
            beside.replace(destination)
            part.unlink()
            return None
        problem = f"must have SHA-256 {remote.sha256}, not {digest.hexdigest()}"
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        problem = f"cannot be unpacked: {error}"
    finally:
        beside.unlink(missing_ok=True)
    part.unlink()
    return problem
