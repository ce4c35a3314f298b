"""Put a real reply into README.md, and the pictures of one into docs/pictures."""

import argparse
import json
import re
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from explainers.arrays import ByteArray
from reasoned.cli.explanation_page import page
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.model import ExplainedModel

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


def main() -> None:
    """Explain one image with a fitted Fashion-MNIST model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="whose reply stands in README.md")
    parser.add_argument("--regions", type=Path, help="a model that packages representative")
    parser.add_argument("--attributes", type=Path, help="a model that packages attributes")
    parser.add_argument("--mixture", type=Path, help="a model that packages mixture")
    asked = parser.parse_args()
    image = open_dataset("fashion-mnist").image(ROW)
    pictures = ROOT / "docs" / "pictures"
    if asked.model is not None:
        show_model(asked.model, image, pictures)
    if asked.regions is not None:
        show_regions(asked.regions, image, pictures)
    if asked.attributes is not None:
        show_attributes(asked.attributes, image, pictures)
    if asked.mixture is not None:
        show_mixture(asked.mixture, image, pictures)


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


def show_attributes(folder: Path, image: ByteArray, pictures: Path) -> None:
    """Take pictures of an explanation by attributes, and of all relevances."""
    model = ExplainedModel.load(folder)
    reply = model.explain(png(image), explain="full", methods=("attributes",), neighbours=0)
    screenshot(page(model, reply, image), "html", pictures / "attributes.png", "960,1740")
    drawing = (folder / "pictures" / "attributes.svg").read_text(encoding="utf-8")
    content = f"<body style='margin:0'>{drawing}"
    screenshot(content, "html", pictures / "relevances.png", "820,680")


def show_mixture(folder: Path, image: ByteArray, pictures: Path) -> None:
    """Take pictures of an explanation by a mixture, and of all components."""
    model = ExplainedModel.load(folder)
    reply = model.explain(png(image), explain="full", methods=("mixture",), neighbours=0)
    screenshot(page(model, reply, image), "html", pictures / "mixture.png", "960,2440")
    drawing = (folder / "pictures" / "mixture.svg").read_text(encoding="utf-8")
    content = f"<body style='margin:0'>{drawing}"
    screenshot(content, "html", pictures / "components.png", "1520,980")


def show_regions(folder: Path, image: ByteArray, pictures: Path) -> None:
    """Take pictures of a polytope's explanation and of the whole rule set."""
    model = ExplainedModel.load(folder)
    reply = model.explain(png(image), explain="full", methods=("representative",), neighbours=0)
    screenshot(page(model, reply, image), "html", pictures / "region.png", "960,2460")
    drawing = (folder / "pictures" / "representative.svg").read_text(encoding="utf-8")
    content = f"<body style='margin:0'>{drawing}"
    screenshot(content, "html", pictures / "rule-set.png", "720,520")


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
