import gzip
import hashlib
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest

from reasoned.datasets.download import RemoteFile, download, open_compressed, open_plainly
from reasoned.errors import DownloadError

CONTENT = np.random.default_rng(1).bytes(600_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(Protocol):
    """What these tests ask of the server in conftest.py."""

    url: str
    ignores_range: bool
    sends_wrong_range: bool
    cuts_after: int | None
    cuts_left: int
    requests: list[tuple[str, str | None]]


def plain(*urls: str) -> RemoteFile:
    return RemoteFile(urls, SHA256, open_plainly)


@pytest.fixture
def destination(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "file.bin"


def kept(destination: Path) -> list[str]:
    return sorted(path.name for path in destination.parent.iterdir())


def test_a_file_is_fetched_checked_and_named(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)

    assert download(plain(server.url + "file.bin"), destination) == destination

    assert destination.read_bytes() == CONTENT
    assert kept(destination) == ["file.bin"]
    assert server.requests == [("/file.bin", None)]


def test_the_digest_is_that_of_the_uncompressed_file(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.gz").write_bytes(gzip.compress(CONTENT, 1))
    remote = RemoteFile((server.url + "file.gz",), SHA256, open_compressed)

    download(remote, destination)

    assert destination.read_bytes() == CONTENT


def test_what_came_before_is_not_asked_for_again(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    destination.parent.mkdir()
    destination.with_name("file.bin.part").write_bytes(CONTENT[:400_000])

    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT
    assert server.requests == [("/file.bin", "bytes=400000-")]


def test_a_cut_connection_is_taken_up_where_it_was_cut(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    server.cuts_after, server.cuts_left = 250_000, 2

    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == [None, "bytes=250000-", "bytes=500000-"]


def test_after_three_cuts_it_stops_and_the_next_call_goes_on(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    server.cuts_after, server.cuts_left = 100_000, 3

    with pytest.raises(DownloadError, match="ended after 300000 of 600000 bytes"):
        download(plain(server.url + "file.bin"), destination)
    assert kept(destination) == ["file.bin.part"]

    download(plain(server.url + "file.bin"), destination)
    assert destination.read_bytes() == CONTENT
    assert server.requests[-1] == ("/file.bin", "bytes=300000-")


def test_a_server_that_ignores_ranges_starts_again(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    server.ignores_range = True
    destination.parent.mkdir()
    destination.with_name("file.bin.part").write_bytes(b"x" * 1000)

    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT
    assert server.requests == [("/file.bin", "bytes=1000-")]


def test_a_server_that_sends_another_range_is_given_up(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    server.sends_wrong_range = True
    destination.parent.mkdir()
    destination.with_name("file.bin.part").write_bytes(CONTENT[:10])

    # The part is thrown away, so the second try asks for the whole file, and gets it.
    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == ["bytes=10-", None]


def test_a_part_of_another_file_is_thrown_away_and_fetched_afresh(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    destination.parent.mkdir()
    destination.with_name("file.bin.part").write_bytes(b"x" * 1000)

    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT
    assert [asked for _, asked in server.requests] == ["bytes=1000-", None]


@pytest.mark.parametrize("surplus", [b"", b"x"])
def test_a_part_that_is_whole_or_longer_is_settled(
    server: Server, served: Path, destination: Path, surplus: bytes
) -> None:
    (served / "file.bin").write_bytes(CONTENT)
    destination.parent.mkdir()
    destination.with_name("file.bin.part").write_bytes(CONTENT + surplus)

    download(plain(server.url + "file.bin"), destination)

    assert destination.read_bytes() == CONTENT


def test_the_next_mirror_is_asked_when_one_lacks_the_file_or_has_another(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "wrong.bin").write_bytes(b"x" * 1000)
    (served / "right.bin").write_bytes(CONTENT)
    urls = [server.url + name for name in ("none.bin", "wrong.bin", "right.bin")]

    download(plain(*urls), destination)

    assert destination.read_bytes() == CONTENT
    assert [path for path, _ in server.requests] == ["/none.bin", "/wrong.bin", "/right.bin"]


def test_a_wrong_file_is_not_kept(server: Server, served: Path, destination: Path) -> None:
    (served / "file.bin").write_bytes(CONTENT[:-1])

    with pytest.raises(DownloadError, match=rf"file.bin: must have SHA-256 {SHA256}, not "):
        download(plain(server.url + "file.bin"), destination)

    assert kept(destination) == []


def test_a_file_that_cannot_be_unpacked_is_not_kept(
    server: Server, served: Path, destination: Path
) -> None:
    (served / "file.gz").write_bytes(gzip.compress(CONTENT)[:-9])
    remote = RemoteFile((server.url + "file.gz",), SHA256, open_compressed)

    with pytest.raises(DownloadError, match="cannot be unpacked"):
        download(remote, destination)

    assert kept(destination) == []


def test_without_a_network_the_message_tells_of_data_dir(destination: Path) -> None:
    # Port 9 of this machine: nothing listens there.
    with pytest.raises(
        DownloadError,
        match=r"file.bin could not be downloaded: http://127.0.0.1:9/a: .+; "
        r"http://127.0.0.1:9/b: .+ with --data-dir FOLDER",
    ):
        download(plain("http://127.0.0.1:9/a", "http://127.0.0.1:9/b"), destination)
