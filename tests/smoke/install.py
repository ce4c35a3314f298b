"""Install the wheel with run-time dependencies only, and serve a model with it.

Run by ``make smoke``, not by pytest: it makes a virtual environment of its own. The model
is fitted by the environment that runs this script, which has torch; the new one must not.
"""

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel
from reasoned.reply.schema import Reply
from service.model_holder import disclosure_of
from service.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
FORBIDDEN = ("torch", "sklearn", "scipy", "onnx", "onnxscript", "tqdm", "pyarrow")
ASKED = 17  # images
ASK = """
import base64, json, sys
from reasoned import ExplainedModel
model = ExplainedModel.load(sys.argv[1])
for line in sys.stdin:
    reply = model.explain(base64.b64decode(line), explain="full")
    print(reply.model_dump_json())
import service.app
loaded = [name for name in {forbidden!r} if name in sys.modules]
assert not loaded, f"serving imported {{loaded}}"
"""


def main() -> None:
    """Build, install, compare, and start the demo's service from the new environment."""
    with tempfile.TemporaryDirectory(prefix="reasoned-smoke-") as scratch:
        place = Path(scratch)
        model = place / "digits"
        fit = ["fit", "--network", "reference", "--data", "digits", "--epochs", "10"]
        run([sys.executable, "-m", "reasoned", *fit, "--out", str(model)])
        python = install(place)
        for name in FORBIDDEN:
            missing = f"import importlib.util as u; assert u.find_spec({name!r}) is None, {name!r}"
            run([python, "-c", missing])
        compare(python, model, place)
        run([python, "-m", "reasoned", "verify", str(model)])
        compare_bento(python, model, place)
        run([python, "-m", "reasoned", "serve", "--help"])
        run([python, "-m", "reasoned", "card", str(model), "--out", str(place / "card.md")])
        refused = subprocess.run(
            [python, "-m", "reasoned", "fit", "--help"], capture_output=True, text=True, check=False
        )
        if "pip install 'reasoned[fit]'" not in refused.stderr:
            sys.exit(f"`reasoned fit` without torch must say what to install: {refused.stderr}")
    print("smoke: the wheel serves with run-time dependencies only")


def install(place: Path) -> str:
    """Build the wheel and install it into a fresh environment; give its Python."""
    run([sys.executable, "-m", "build", "--wheel", "--outdir", str(place), str(ROOT)])
    wheel = next(place.glob("reasoned-*.whl"))
    run([sys.executable, "-m", "venv", str(place / "env")])
    python = str(place / "env" / "bin" / "python")
    pip = [python, "-m", "pip", "install", "--quiet", "--constraint", str(ROOT / "constraints.txt")]
    run([*pip, str(wheel)])
    return python


def compare(python: str, model: Path, place: Path) -> None:
    """Ask both environments for the same replies."""
    digits = open_dataset("digits")
    pictures = [png(digits.image(row)) for row in range(0, 1700, 100)]
    asked = "".join(base64.b64encode(picture).decode() + "\n" for picture in pictures)
    environment = {**os.environ, "BENTOML_HOME": str(place / "home"), "REASONED_MODEL": str(model)}
    script = ASK.format(forbidden=FORBIDDEN)
    # Only the new environment must get along without what fits.
    scripts = {sys.executable: script.split("import service")[0], python: script}
    replies = {
        one: run([one, "-W", "ignore", "-c", text, str(model)], asked, place, environment)
        for one, text in scripts.items()
    }
    if replies[sys.executable] != replies[python] or not replies[python]:
        sys.exit("the replies of the two environments differ")


def compare_bento(python: str, model: Path, place: Path) -> None:
    """Serve an exported Bento from the new environment and compare its replies."""
    home, port = place / "bento-home", free_port()
    environment = {**os.environ, "BENTOML_HOME": str(home), "BENTOML_DO_NOT_TRACK": "True"}
    said = run(
        [sys.executable, "-m", "reasoned", "build", str(model), "--json"], environment=environment
    )
    tag = json.loads(said)["tag"]
    archive = place / "digits.bento"
    export = [sys.executable, "-m", "bentoml", "export", tag, str(archive)]
    run(export, environment=environment)
    unpacked = place / "unpacked"
    shutil.unpack_archive(archive, unpacked, "tar")
    ledger = str(place / "state" / "ledger.sqlite3")
    served = {**environment, "BENTOML_HOME": str(place / "empty-home"), "PYTHONWARNINGS": "ignore"}
    served |= {"REASONED_LEDGER": ledger}
    serve = [python, "-m", "bentoml", "serve", str(unpacked), "--host", "127.0.0.1", "--port"]
    with subprocess.Popen(
        [*serve, str(port)],
        cwd=place,
        env=served,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            ask_bento(port, ExplainedModel.load(model).disclosing(disclosure_of(Settings())))
        finally:
            server.terminate()
    stats = [python, "-m", "reasoned", "ledger", "stats", "--ledger", ledger, "--json"]
    if json.loads(run(stats))["decisions"] != ASKED:
        sys.exit(f"the ledger must hold {ASKED} decisions: {run(stats)}")


def ask_bento(port: int, model: ExplainedModel) -> None:
    """Post images and hold the replies against those of the folder, the ids aside."""
    url = f"http://127.0.0.1:{port}"
    for _ in range(300):
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):
            break
        time.sleep(0.2)
    digits = open_dataset("digits")
    for row in range(0, 100 * ASKED, 100):
        picture = png(digits.image(row))
        body = json.dumps({"image": base64.b64encode(picture).decode()}).encode()
        request = urllib.request.Request(
            f"{url}/v1/predict?explain=full", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            found = Reply.model_validate_json(answer.read())
        expected = model.explain(picture, explain="full")
        if found != expected.model_copy(update={"id": found.id}):
            sys.exit(f"the Bento's reply to digit {row} differs from the folder's")


def free_port() -> int:
    """Give a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run(
    command: list[str],
    given: str = "",
    place: Path = ROOT,
    environment: dict[str, str] | None = None,
) -> str:
    """Run a command; give what it prints, or end with it when it fails."""
    done = subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        cwd=place,
        env=environment,
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    main()
