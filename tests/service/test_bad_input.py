"""Every kind of bad input, and the status that is documented for it."""

import base64
import dataclasses
import json
import struct
import zlib
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.brightness import encoded, png
from tests.service.problem_shape import check_problem

GOOD = png()
PREDICT = "/v1/predict"
BATCH = "/v1/predict/batch"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\n'


def text64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def huge_png(width: int, height: int) -> bytes:
    """Claim a size that is never decoded."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + crc


@dataclasses.dataclass(frozen=True)
class Bad:
    """A request, and the status that it earns."""

    name: str
    status: int
    body: dict[str, Any]
    path: str = PREDICT
    method: str = "POST"


def files(data: bytes, name: str = "image", kind: str = "image/png") -> dict[str, Any]:
    return {"files": {name: ("x", data, kind)}}


def raw(content: bytes, headers: dict[str, str]) -> dict[str, Any]:
    return {"content": content, "headers": headers}


def as_json(value: object) -> dict[str, Any]:
    return raw(json.dumps(value).encode(), JSON)


def query(text: str) -> dict[str, Any]:
    return {**files(GOOD), "params": text}


CASES = [
    # What is not one of the three formats, by its bytes.
    Bad("gif", 415, files(encoded("GIF"))),
    Bad("gif that claims to be png", 415, files(encoded("GIF"), kind="image/png")),
    Bad("bmp", 415, files(encoded("BMP"))),
    Bad("tiff", 415, files(encoded("TIFF"))),
    Bad("eps by header", 415, files(b"%!PS-Adobe-3.0 EPSF-3.0\n", kind="image/eps")),
    Bad("text", 415, files(b"hello")),
    Bad("an address in the file field", 415, files(b"http://127.0.0.1:9/x.png")),
    Bad("svg", 415, files(b"<svg xmlns='http://www.w3.org/2000/svg'/>")),
    Bad("empty file", 415, files(b"")),
    Bad("half a signature", 415, files(GOOD[:4])),
    # One of the formats, and broken.
    Bad("png signature alone", 400, files(GOOD[:8])),
    Bad("truncated png", 400, files(GOOD[:-20])),
    Bad("truncated jpeg", 400, files(encoded("JPEG", side=64)[:300])),
    Bad("truncated webp", 400, files(encoded("WEBP", side=64)[:40])),
    Bad("jpeg of noise", 400, files(b"\xff\xd8\xff" + bytes(range(256)))),
    # Too large.
    Bad("png that claims 900 Mpx", 413, files(huge_png(30_000, 30_000))),
    Bad("body over the limit", 413, files(bytes(200_000))),
    Bad("json over the limit", 413, raw(b'{"image":"' + b"A" * 200_000 + b'"}', JSON)),
    Bad("too many pixels in json", 413, as_json({"pixels": [[0] * 300] * 300})),
    # The content type.
    Bad("no content type", 415, {"content": GOOD}),
    Bad("raw png", 415, raw(GOOD, {"content-type": "image/png"})),
    Bad("url-encoded form", 415, {"data": {"image": "x"}}),
    Bad("pickle", 415, raw(b"x", {"content-type": "application/vnd.bentoml+pickle"})),
    Bad("compressed body", 415, raw(b"{}", {**JSON, "content-encoding": "gzip"})),
    # Multipart.
    Bad("no boundary", 400, raw(PART, {"content-type": "multipart/form-data"})),
    Bad(
        "long boundary",
        400,
        raw(b"", {"content-type": f"multipart/form-data; boundary={'b' * 400}"}),
    ),
    Bad("broken form on bentoml's route", 415, raw(b"--b\r\nx", FORM), path="/predict"),
    Bad("a slash too many", 404, {}, path="/v1/model/", method="GET"),
    Bad("the mount itself", 404, {}, path="/v1", method="GET"),
    Bad("not multipart", 400, raw(b"hello", FORM)),
    Bad("empty multipart", 400, raw(b"", FORM)),
    Bad("multipart without its end", 400, raw(PART + GOOD, FORM)),
    Bad("multipart without a field", 422, raw(b"--b--\r\n", FORM)),
    Bad("unknown field", 422, files(GOOD, name="picture")),
    Bad("nameless field", 422, raw(b"--b\r\n\r\nx\r\n--b--\r\n", FORM)),
    Bad("an extra field", 422, {**files(GOOD), "data": {"explain": "none"}}),
    Bad("two images", 422, {"files": [("image", GOOD), ("image", GOOD)]}),
    # JSON that is none.
    Bad("empty json", 400, raw(b"", JSON)),
    Bad("cut json", 400, raw(b'{"image": ', JSON)),
    Bad("json in latin-1", 400, raw(b'{"image": "\xe9"}', JSON)),
    Bad("nan", 400, raw(b'{"pixels": [[NaN]]}', JSON)),
    Bad("nesting bomb", 400, raw(b"[" * 50_000, JSON)),
    Bad("closed nesting bomb", 400, raw(b'{"pixels":' + b"[" * 9000 + b"]" * 9000 + b"}", JSON)),
    # JSON that is wrong.
    Bad("deep pixels", 422, raw(b'{"pixels":' + b"[" * 900 + b"]" * 900 + b"}", JSON)),
    Bad("json list", 422, as_json([])),
    Bad("json null", 422, as_json(None)),
    Bad("empty object", 422, as_json({})),
    Bad("unknown key", 422, as_json({"picture": "x"})),
    Bad("image and pixels", 422, as_json({"image": text64(GOOD), "pixels": [[0]]})),
    Bad("image is a number", 422, as_json({"image": 5})),
    Bad("image is an address", 422, as_json({"image": "http://127.0.0.1:9/x.png"})),
    Bad("image is a data url", 422, as_json({"image": "data:image/png;base64,AAAA"})),
    Bad("base64 with a gap", 422, as_json({"image": "AA AA"})),
    Bad("base64 with bad padding", 422, as_json({"image": "AAA"})),
    Bad("base64 of a gif", 415, as_json({"image": text64(encoded("GIF"))})),
    Bad("empty base64", 415, as_json({"image": ""})),
    Bad("pixels are text", 422, as_json({"pixels": "x"})),
    Bad("ragged pixels", 422, as_json({"pixels": [[0, 1], [0]]})),
    Bad("pixel of 256", 422, as_json({"pixels": [[256]]})),
    Bad("fractional pixel", 422, as_json({"pixels": [[0.5]]})),
    Bad("pixel null", 422, as_json({"pixels": [[None]]})),
    Bad("huge whole number", 422, raw(b'{"pixels": [[18446744073709551615]]}', JSON)),
    Bad("no pixels", 422, as_json({"pixels": []})),
    Bad("two channels", 422, as_json({"pixels": [[[0, 1]]]})),
    # Options.
    Bad("unknown option", 422, query("colour=red")),
    Bad("repeated option", 422, query("neighbours=1&neighbours=2")),
    Bad("explain in capitals", 422, query("explain=FULL")),
    Bad("empty explain", 422, query("explain=")),
    Bad("21 neighbours", 422, query("neighbours=21")),
    Bad("negative neighbours", 422, query("neighbours=-1")),
    Bad("fractional neighbours", 422, query("neighbours=1.5")),
    Bad("neighbours in other digits", 422, query("neighbours=%EF%BC%95")),
    Bad("deadline of zero", 422, query("deadline_ms=0")),
    Bad("deadline without end", 422, query("deadline_ms=inf")),
    Bad("deadline that is no number", 422, query("deadline_ms=nan")),
    Bad("unknown method", 422, query("methods=lime")),
    Bad("no method", 422, query("methods=")),
    Bad("repeated method", 422, query("methods=additive,additive")),
    Bad("query that is not utf-8", 422, query("explain=%ff")),
    Bad("endless query", 422, query("explain=" + "x" * 2000)),
    # Batches.
    Bad("empty batch", 422, as_json({"images": []}), BATCH),
    Bad("batch of 65", 422, as_json({"images": [{"image": ""}] * 65}), BATCH),
    Bad("65 files", 422, {"files": [("image", b"x")] * 65}, BATCH),
    Bad("batch that is a list", 422, as_json([{"image": ""}]), BATCH),
    Bad("batch of a number", 422, as_json({"images": 5}), BATCH),
    Bad("single image to the batch", 422, as_json({"image": text64(GOOD)}), BATCH),
    Bad("batch to the single", 422, as_json({"images": []})),
    # Paths and methods.
    Bad("unknown path", 404, {}, "/nowhere", "GET"),
    Bad("unknown path under v1", 404, {}, "/v1/nowhere"),
    Bad("path with a slash more", 404, {}, "/v1/predict/", "POST"),
    Bad("unknown example", 404, {}, "/v1/examples/none.png", "GET"),
    Bad("example out of the folder", 404, {}, "/v1/examples/..%2Fmanifest.png", "GET"),
    Bad("get on predict", 405, {}, PREDICT, "GET"),
    Bad("delete on the card", 405, {}, "/v1/model", "DELETE"),
    # BentoML's own route.
    Bad("bentoml: cut json", 400, raw(b"{", JSON), "/predict"),
    Bad("bentoml: no image", 422, as_json({}), "/predict"),
    Bad("bentoml: image is a number", 422, as_json({"image_base64": 5}), "/predict"),
    Bad("bentoml: an address", 422, as_json({"image_base64": "http://127.0.0.1:9/"}), "/predict"),
    Bad("bentoml: gif", 415, as_json({"image_base64": text64(encoded("GIF"))}), "/predict"),
    Bad(
        "bentoml: wrong option",
        422,
        as_json({"image_base64": text64(GOOD), "explain": "x"}),
        "/predict",
    ),
    Bad(
        "bentoml: wrong method",
        422,
        as_json({"image_base64": text64(GOOD), "methods": ["x"]}),
        "/predict",
    ),
    Bad(
        "bentoml: pickle",
        415,
        raw(b"x", {"content-type": "application/vnd.bentoml+pickle"}),
        "/predict",
    ),
    Bad(
        "bentoml: too large",
        413,
        raw(b'{"image_base64":"' + b"A" * 200_000 + b'"}', JSON),
        "/predict",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input_earns_its_documented_status(client: TestClient, case: Bad) -> None:
    response = client.request(case.method, case.path, **case.body)

    problem = check_problem(response, case.status)
    assert problem.instance == case.path.replace("%2F", "/")


def test_there_are_more_than_thirty_kinds() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 30


def test_a_faulty_request_does_not_harm_the_next(client: TestClient) -> None:
    assert client.post(PREDICT, **files(b"")).status_code == 415
    assert client.post(PREDICT, **files(GOOD)).status_code == 200
