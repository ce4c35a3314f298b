"""Put a real reply into README.md, and the pictures of one into docs/pictures."""

import argparse
import dataclasses
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Final, final

from explainers.arrays import ByteArray
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel
from reasoned.pages.explanation_page import page

ROOT = Path(__file__).resolve().parents[1]
ROW = 60_000  # the first test image, an ankle boot
CHROMIUM = (
    "chromium",
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)


@final
@dataclasses.dataclass(frozen=True)
class Shots:
    """The two pictures of a method: its page, and its whole; their names and sizes."""

    method: str
    page: str
    page_size: str
    whole: str
    whole_size: str


# By the option that names the model.
SHOTS: Final = {
    "regions": Shots("representative", "region", "960,2460", "rule-set", "720,520"),
    "attributes": Shots("attributes", "attributes", "960,1740", "relevances", "820,680"),
    "mixture": Shots("mixture", "mixture", "960,2440", "components", "1520,980"),
}


def main() -> None:
    """Explain one image with a fitted Fashion-MNIST model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="whose reply stands in README.md")
    for option, shots in SHOTS.items():
        parser.add_argument(f"--{option}", type=Path, help=f"a model that packages {shots.method}")
    asked = parser.parse_args()
    image = open_dataset("fashion-mnist").image(ROW)
    pictures = ROOT / "docs" / "pictures"
    if asked.model is not None:
        show_model(asked.model, image, pictures)
    for option, shots in SHOTS.items():
        if (folder := getattr(asked, option)) is not None:
            show_method(folder, image, pictures, shots)


def show_model(folder: Path, image: ByteArray, pictures: Path) -> None:
    """Put a reply into README.md, and take pictures of its page and of the tree."""
    model = ExplainedModel.load(folder)
    reply = model.explain(png(image))
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition("```json\n")
    after = rest.partition("\n```\n")[2]
    shown = json.dumps(shortened(reply.model_dump(mode="json")), indent=1, ensure_ascii=False)
    readme.write_text(f"{before}```json\n{shown}\n```\n{after}", encoding="utf-8")
    screenshot(page(model, reply, image), "html", pictures / "explanation.png", "960,1560")
    if model.tree_svg is not None:
        drawing = model.tree_svg.decode()
        wide, high = (
            float(size) for size in re.findall(r'(?:width|height)="([\d.]+)"', drawing)[:2]
        )
        content = f"<body style='margin:0'><style>svg{{width:1800px;height:auto}}</style>{drawing}"
        size = f"1800,{round(1800 * high / wide)}"
        screenshot(content, "html", pictures / "tree.png", size)


def show_method(folder: Path, image: ByteArray, pictures: Path, shots: Shots) -> None:
    """Take pictures of an explanation by one method, and of all that the method knows."""
    model = ExplainedModel.load(folder)
    reply = model.explain(png(image), explain="full", methods=(shots.method,), neighbours=0)
    target = pictures / f"{shots.page}.png"
    screenshot(page(model, reply, image), "html", target, shots.page_size)
    drawing = (folder / "pictures" / f"{shots.method}.svg").read_text(encoding="utf-8")
    content = f"<body style='margin:0'>{drawing}"
    screenshot(content, "html", pictures / f"{shots.whole}.png", shots.whole_size)


def shortened(reply: dict[str, Any]) -> dict[str, Any]:
    """Keep one example, two steps and their clusters; the README says so."""
    reply["examples"] = reply["examples"][:1]
    reply["prediction"]["top"] = reply["prediction"]["top"][:2]
    body = reply["explanation"]["evidence"][0]["body"]
    body["steps"] = body["steps"][:2]
    first = body["steps"][0]["clusters"][0]
    body["clusters"] = {first: body["clusters"][first]}
    return reply


def screenshot(content: str, kind: str, target: Path, size: str) -> None:
    """Take a picture of a page."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        source = Path(place) / f"page.{kind}"
        source.write_text(content, encoding="utf-8")
        command = [*CHROMIUM, f"--user-data-dir={place}/user", f"--window-size={size}"]
        command += [f"--screenshot={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    main()
