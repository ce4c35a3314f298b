"""One image posted to a running container, and what its reply must hold."""

import json
import urllib.error
import urllib.request
from typing import Any, Final

from deploy.trial.errors import TrialError
from deploy.trial.running import Running

_SECONDS: Final = 10.0


def ask(container: Running, picture: bytes, label: str) -> None:
    """Post an image and hold the reply against what must be in it.

    Parameters
    ----------
    container
        What answers.
    picture
        An encoded image.
    label
        The class that the same model names for it outside of the container.

    Raises
    ------
    TrialError
        When it answers without a key, or the reply lacks a part or names another class.

    """
    if (status := _post(container, picture, None)[0]) != 401:
        raise TrialError(f"without a key the container must answer 401, not {status}")
    status, body = _post(container, picture, container.key)
    if status != 200:
        raise TrialError(f"the container must answer 200, not {status}: {body[:500]!r}")
    check_reply(json.loads(body), label)


def check_reply(reply: dict[str, Any], label: str) -> None:
    """Refuse a reply without class, explanation and examples.

    Raises
    ------
    TrialError
        With the part that is missing or wrong.

    """
    found = reply["prediction"]["label"]
    if found != label:
        raise TrialError(f"the container says {found!r}, the same model outside of it {label!r}")
    if not (reply["explanation"] or {}).get("evidence"):
        raise TrialError("the reply must hold an explanation with evidence, but has none")
    if not reply["examples"]:
        raise TrialError("the reply must hold training examples, but has none")


def _post(container: Running, picture: bytes, key: str | None) -> tuple[int, bytes]:
    boundary = "reasoned-trial-boundary"
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n\r\n'
    body = head.encode() + picture + f"\r\n--{boundary}--\r\n".encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(f"{container.url}/v1/predict", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            return int(answer.status), bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
