"""The main job on a bare machine: fit, serve, post a real image, print the reply."""

import argparse
import base64
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png

ROW = 1_700  # a handwritten digit
SECONDS = 60


def main() -> None:
    """Run the demo; the service is left answering."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--port", type=int, default=3000)
    parser.add_argument("--stop", action="store_true", help="stop the service at the end")
    asked = parser.parse_args()
    check_free(asked.port)
    folder, picture = asked.models / "digits", asked.models / "digit.png"
    fit(folder)
    picture.write_bytes(png(open_dataset("digits").image(ROW)))
    log = asked.models / "serve.log"
    ledger = asked.models / "ledger.sqlite3"
    server = start(folder, asked.port, log, ledger)
    try:
        reply = post(picture, asked.port, server, log)
        print(json.dumps(reply, indent=2, ensure_ascii=False))
        print(f"\n{summary(reply)}")
        print(further(reply["id"], picture, asked.port, ledger))
    except BaseException:
        server.terminate()
        raise
    if asked.stop:
        server.terminate()
        server.wait()
        return
    print(f"The service goes on answering (log: {log}). Stop it: kill {server.pid}")


def fit(folder: Path) -> None:
    """Fit the reference network on the digits, unless an earlier demo did."""
    command = ["fit", "--network", "reference", "--data", "digits", "--out", str(folder)]
    if not (folder / "manifest.json").is_file():
        print("$ reasoned", *command, flush=True)
        subprocess.run([sys.executable, "-m", "reasoned", *command], check=True)


def summary(reply: dict[str, Any]) -> str:
    """Say in three lines what the reply says in many."""
    label, said = reply["prediction"]["label"], reply["explanation"]
    return f"Class {label}, {said['status']}.\n{said['sentence']}"


def further(name: str, picture: Path, port: int, ledger: Path) -> str:
    """Say what to look at next."""
    top = f"http://127.0.0.1:{port}/v1"
    return f"""
The same again:
  curl -F image=@{picture} {url(port)}
As it was recorded:
  {top}/explanations/{name}.html
  reasoned ledger show {name} --ledger {ledger}
Whether explanations have changed:
  {top}/drift.html
"""


def check_free(port: int) -> None:
    """End here where an earlier demo still answers: its reply would be taken for ours."""
    with socket.socket() as asking:
        if asking.connect_ex(("127.0.0.1", port)) == 0:
            sys.exit(f"port {port} is taken, perhaps by an earlier demo: stop it, or pass PORT=")


def url(port: int) -> str:
    """Give where images are posted to."""
    return f"http://127.0.0.1:{port}/v1/predict"


def start(folder: Path, port: int, log: Path, ledger: Path) -> subprocess.Popen[bytes]:
    """Start the service in the background, in a session of its own."""
    command = [sys.executable, "-m", "reasoned", "serve", str(folder), "--port", str(port)]
    print("$ reasoned", *command[3:], flush=True)
    recorded = {"REASONED_LEDGER": str(ledger), "REASONED_LEDGER_KEEP": "image"}
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", **recorded}
    with log.open("wb") as out:
        return subprocess.Popen(
            command, stdout=out, stderr=out, start_new_session=True, env=environment
        )


def post(picture: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> dict[str, Any]:
    """Post the image as soon as the service answers."""
    body = json.dumps({"image": base64.b64encode(picture.read_bytes()).decode()}).encode()
    request = urllib.request.Request(  # noqa: S310  our own address
        url(port), data=body, headers={"Content-Type": "application/json"}
    )
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            sys.exit(f"the service did not start; see {log}:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  the same
                found: dict[str, Any] = json.load(answer)
                return found
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit(f"the service did not answer within {SECONDS} s; see {log}")


if __name__ == "__main__":
    main()
