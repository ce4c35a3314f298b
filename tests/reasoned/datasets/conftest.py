from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, final

import numpy as np
import pytest
from PIL import Image

MakeFolder = Callable[..., Path]


@pytest.fixture
def make_folder(tmp_path: Path) -> MakeFolder:
    """Write one small PNG per name, like ``cat/1.png``, each of its own colour."""

    def make(*names: str, size: tuple[int, int] = (6, 5), root: str = "images") -> Path:
        for position, name in enumerate(names):
            path = tmp_path / root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.new("RGB", size, (position % 256, position // 256, 9)).save(path)
        return tmp_path / root

    return make


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "reasoned"


@final
class Server(ThreadingHTTPServer):
    """Serves a folder; resumes by Range unless told not to; may cut its answers short."""

    daemon_threads = True
    ignores_range = False
    sends_wrong_range = False
    cuts_after: int | None = None
    cuts_left = 0

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), partial(Handler, directory=str(folder)))
        self.requests: list[tuple[str, str | None]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/"


@final
class Handler(SimpleHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.requests.append((self.path, asked))
        path = Path(self.directory) / self.path.lstrip("/")
        if not path.is_file():
            self.send_error(404)
            return
        content = path.read_bytes()
        start = 0 if asked is None or self.server.ignores_range else int(asked[6:-1])
        if start and start >= len(content):
            self.send_error(416)
            return
        self._answer(content, start)

    def _answer(self, content: bytes, start: int) -> None:
        self.send_response(206 if start else 200)
        if start:
            told = start + 1 if self.server.sends_wrong_range else start
            self.send_header("Content-Range", f"bytes {told}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        rest = content[start:]
        if self.server.cuts_left and self.server.cuts_after is not None:
            self.server.cuts_left -= 1
            rest = rest[: self.server.cuts_after]
        self.wfile.write(rest)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401  the base class has it so
        """Keep the test's output clean."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "served"
    folder.mkdir()
    with Server(folder) as found:
        thread = Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture
def served(server: Server, tmp_path: Path) -> Path:
    assert server.url
    return tmp_path / "served"


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(11)
