"""The service as it is really started: processes, sockets, signals, BentoML's own client."""

import base64
import hashlib
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import BatchReply, Reply
from service.model_holder import disclosure_of
from service.settings import Settings
from tests.service.brightness import encoded
from tests.service.live_server import EVERYWHERE, LiveServer, ended, free_port, serving
from tests.service.problem_shape import check_problem
from tests.service.test_bad_input import CASES, Bad

KEY = "correct horse battery staple"
DIGEST = hashlib.sha256(KEY.encode()).hexdigest()
EXPOSED = "beyond loopback, without API keys"


@pytest.fixture(scope="module")
def live(digits_folder: Path) -> Iterator[LiveServer]:
    settings = {"REASONED_MODEL": str(digits_folder), "REASONED_BODY_LIMIT": "100000"}
    with serving(settings) as server:
        yield server


@pytest.fixture(scope="module")
def http(live: LiveServer) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=live.url) as found:
        yield found


@pytest.fixture(scope="module")
def pictures(digits_model: ExplainedModel) -> list[bytes]:
    """Real training digits, as the model shows them."""
    return list(digits_model.thumbnails.values())[:5]


def as_served(model: ExplainedModel) -> ExplainedModel:
    return model.disclosing(disclosure_of(Settings()))


def comparable(reply: bytes) -> dict[str, object]:
    return Reply.model_validate_json(reply).model_dump(exclude={"id"})


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_bad_input_earns_its_status_over_real_http(http: httpx2.Client, case: Bad) -> None:
    response = http.request(case.method, case.path, **case.body)

    check_problem(response, case.status)


@pytest.mark.parametrize("explain", ["none", "trace", "full"])
def test_two_processes_give_equal_replies(
    http: httpx2.Client, digits_model: ExplainedModel, pictures: list[bytes], explain: str
) -> None:
    for data in pictures:
        there = http.post(f"/v1/predict?explain={explain}", files={"image": data}).content
        options = ReplyOptions(explain)  # type: ignore[arg-type]  # one of the three words
        here = as_served(digits_model).reply(digits_model.decode(data), options)

        assert comparable(there) == comparable(here)


def test_a_batch_equals_single_calls(http: httpx2.Client, pictures: list[bytes]) -> None:
    answer = http.post("/v1/predict/batch", files=[("image", data) for data in pictures])
    batch = BatchReply.model_validate_json(answer.content)
    singles = [http.post("/v1/predict", files={"image": data}).content for data in pictures]

    found = [item.reply and item.reply.model_dump(exclude={"id"}) for item in batch.results]
    assert found == [comparable(single) for single in singles]


def test_with_a_deadline_the_class_comes_back(http: httpx2.Client, pictures: list[bytes]) -> None:
    answer = http.post("/v1/predict?deadline_ms=0.001", files={"image": pictures[0]})
    whole = http.post("/v1/predict", files={"image": pictures[0]})

    reply = Reply.model_validate_json(answer.content)
    assert reply.prediction == Reply.model_validate_json(whole.content).prediction
    assert reply.explanation is not None
    assert reply.explanation.skipped


def test_examples_lead_to_their_thumbnails(http: httpx2.Client, pictures: list[bytes]) -> None:
    answer = http.post("/v1/predict?neighbours=3", files={"image": pictures[0]})
    reply = Reply.model_validate_json(answer.content)

    assert len(reply.examples) == 3
    for example in reply.examples:
        assert example.image is not None
        picture = http.get(example.image)
        assert picture.headers["content-type"] == "image/png"
        assert picture.content.startswith(b"\x89PNG")


def test_the_card_names_the_model_that_replies(http: httpx2.Client, pictures: list[bytes]) -> None:
    reply = Reply.model_validate_json(
        http.post("/v1/predict", files={"image": pictures[0]}).content
    )

    assert http.get("/v1/model").json()["sha256"] == reply.model.sha256


# In a process of its own: the client leaves its temporary folder to the garbage collector.
CLIENT = """
import json, sys, bentoml
from bentoml.exceptions import BentoMLException
url, good, bad = sys.argv[1:]
with bentoml.SyncHTTPClient(url) as client:
    print(json.dumps(client.predict(image_base64=good, neighbours=2)))
    try:
        client.predict(image_base64=bad)
    except BentoMLException as error:
        print(error.error_code.value, error)
"""


def test_bentomls_own_client_works(live: LiveServer, pictures: list[bytes]) -> None:
    good, bad = (base64.b64encode(data).decode() for data in (pictures[0], encoded("GIF")))

    code, said = ended(["-c", CLIENT, live.url, good, bad], {})

    reply, error = said.strip().splitlines()[-2:]
    assert code == 0, said
    assert len(Reply.model_validate_json(reply).examples) == 2
    assert error.startswith("415 ")
    assert "image must be PNG, JPEG or WEBP" in error


def test_a_slow_client_is_stopped_at_the_limit(live: LiveServer) -> None:
    head = (
        b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as client:
        client.sendall(head)
        for _ in range(11):  # and never an end
            client.sendall(b"2710\r\n" + b"x" * 10_000 + b"\r\n")

        assert client.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_request_in_flight_survives_sigterm(digits_folder: Path) -> None:
    body = b'{"pixels": [[1, 2], [3, 4]]}'
    head = (
        b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with serving({"REASONED_MODEL": str(digits_folder)}) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as client:
            client.sendall(head + body[:10])
            server.process.terminate()
            _until_unanswered(server.port)
            client.sendall(body[10:])
            answer = client.recv(65_536)
        code = server.process.wait(timeout=30)

    assert answer.startswith(b"HTTP/1.1 200")
    assert code == 0


def _until_unanswered(port: int) -> None:
    """Knock until nobody answers: then the signal has arrived.

    BentoML's parent keeps the socket open, so the kernel still takes connections.
    """
    answered = True
    while answered:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=0.5) as knock:
                knock.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                answered = bool(knock.recv(1))
        except OSError:
            answered = False


def test_two_workers_give_equal_replies(digits_folder: Path, pictures: list[bytes]) -> None:
    settings = {"REASONED_MODEL": str(digits_folder), "REASONED_WORKERS": "2"}
    with serving(settings) as server:
        answers = [
            httpx2.post(f"{server.url}/v1/predict", files={"image": pictures[0]}).content
            for _ in range(8)
        ]

    assert all(comparable(answer) == comparable(answers[0]) for answer in answers)


@pytest.mark.parametrize(
    ("arguments", "settings"),
    [
        (["serve", "service.app:app", "--host", EVERYWHERE], {}),
        (["serve", "service.app:app", "--host", "::"], {}),
        (["serve", "service.app:app"], {"BENTOML_HOST": EVERYWHERE}),
        (["serve", "service.app:app"], {}),  # BentoML's own default is every address
        (["serve", "."], {"BENTOML_HOST": EVERYWHERE}),
    ],
)
def test_bentoml_serve_refuses_to_be_exposed(
    digits_folder: Path, arguments: list[str], settings: dict[str, str]
) -> None:
    command = ["-m", "bentoml", *arguments, "--port", str(free_port())]

    code, said = ended(command, {"REASONED_MODEL": str(digits_folder), **settings})

    assert code != 0
    assert EXPOSED in said


def test_a_worker_started_by_hand_refuses_to_be_exposed(digits_folder: Path) -> None:
    with socket.create_server((EVERYWHERE, 0)) as bound:
        command = ["-m", "_bentoml_impl.worker.service", "service.app:app"]
        command += ["--fd", str(bound.fileno()), "--worker-id", "1"]
        settings = {"REASONED_MODEL": str(digits_folder)}

        code, said = ended(command, settings, pass_fds=[bound.fileno()])

    assert code != 0
    assert EXPOSED in said


def test_uvicorn_alone_refuses_to_be_exposed(digits_folder: Path) -> None:
    command = ["-m", "uvicorn", "--factory", "service.app:app.to_asgi"]
    command += ["--host", EVERYWHERE, "--port", str(free_port())]

    code, said = ended(command, {"REASONED_MODEL": str(digits_folder)})

    assert code != 0
    assert EXPOSED in said


def test_with_keys_it_may_be_exposed(digits_folder: Path) -> None:
    settings = {"REASONED_MODEL": str(digits_folder), "REASONED_API_KEYS": DIGEST}
    with serving(settings, host=EVERYWHERE) as server:
        closed = httpx2.get(f"{server.url}/v1/model")
        opened = httpx2.get(f"{server.url}/v1/model", headers={"Authorization": f"Bearer {KEY}"})

    check_problem(closed, 401)
    assert opened.status_code == 200


def test_a_changed_model_is_refused_by_name(digits_folder: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed"
    shutil.copytree(digits_folder, changed)
    network = changed / "network.onnx"
    network.write_bytes(network.read_bytes() + b"x")
    command = ["-m", "bentoml", "serve", "service.app:app", "--host", "127.0.0.1"]

    code, said = ended([*command, "--port", str(free_port())], {"REASONED_MODEL": str(changed)})

    assert code != 0
    assert "network.onnx was changed" in said.replace("\n", " ")
