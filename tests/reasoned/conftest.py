"""A colour network of the user's own, trained once on drawn shapes; digits as images."""

import dataclasses
import json
from pathlib import Path
from typing import Any, final

import numpy as np
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import save_file
from torch import nn

from explainers.arrays import ByteArray
from reasoned.cli.main import cli
from reasoned.datasets.digits import open_digits
from reasoned.datasets.folder import open_folder
from reasoned.images.preprocessing import Preprocessing
from reasoned.model import ExplainedModel
from tests.reasoned.shapes import CLASSES, write_shapes
from tests.reasoned.small_networks import COLOUR, SIZE, colour

GROUPS = r"^(\d+)_"


@final
@dataclasses.dataclass(frozen=True)
class Shapes:
    """Where everything lies that a fit on the shapes needs."""

    data: Path
    apart: Path
    weights: Path
    classes: Path

    def arguments(self, out: Path) -> list[str]:
        """Give the command line of a fit."""
        given = {"--network": COLOUR, "--weights": self.weights, "--layer": "act"}
        given |= {"--data": f"folder:{self.data}", "--groups": GROUPS, "--classes": self.classes}
        given |= {"--calibration": f"folder:{self.apart}", "--size": SIZE, "--channels": 3}
        given |= {"--mean": "0.5", "--std": "0.5,0.5,0.5", "--threads": 1, "--out": out}
        return ["fit", *(str(part) for pair in given.items() for part in pair)]


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Shapes:
    root = tmp_path_factory.mktemp("shapes")
    data = write_shapes(root / "photos", objects=40, seed=1)
    apart = write_shapes(root / "apart", objects=10, seed=2)
    weights, classes = root / "colour.safetensors", root / "classes.txt"
    save_file(trained(data).state_dict(), weights)
    # Not the order of the folders: the outputs decide.
    classes.write_text("\n".join(reversed(CLASSES)) + "\n", encoding="utf-8")
    return Shapes(data, apart, weights, classes)


def trained(data: Path) -> nn.Module:
    """Train the colour network on every shape, its classes in reverse order."""
    dataset = open_folder(data, classes=CLASSES[::-1])
    as_input = Preprocessing(height=SIZE, width=SIZE, channels=3, mean=(0.5,) * 3, std=(0.5,) * 3)
    pixels = np.stack([as_input.apply(dataset.image(row)) for row in range(len(dataset))])
    images, labels = torch.from_numpy(pixels), torch.from_numpy(dataset.labels.copy())
    torch.manual_seed(0)
    network = colour()
    optimiser = torch.optim.Adam(network.parameters(), 0.01)
    for _ in range(40):
        loss = nn.functional.cross_entropy(network(images), labels)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimiser.step()
    return network


@final
@dataclasses.dataclass(frozen=True)
class Fitted:
    """A model folder, and what the command that made it printed."""

    folder: Path
    printed: dict[str, Any]


@pytest.fixture(scope="session")
def shapes_fitted(shapes: Shapes, tmp_path_factory: pytest.TempPathFactory) -> Fitted:
    out = tmp_path_factory.mktemp("models") / "shapes"
    found = CliRunner().invoke(cli, [*shapes.arguments(out), "--json"])
    assert found.exit_code == 0, found.output
    assert found.stderr == ""  # nobody is looking, so there are no bars
    return Fitted(out, json.loads(found.stdout))


@pytest.fixture(scope="session")
def shapes_model(shapes_fitted: Fitted) -> ExplainedModel:
    return ExplainedModel.load(shapes_fitted.folder)


@pytest.fixture(scope="session")
def digits_images() -> list[ByteArray]:
    dataset = open_digits()
    return [dataset.image(row) for row in range(len(dataset))]


@pytest.fixture(scope="session")
def parting(digits_model: ExplainedModel, digits_images: list[ByteArray]) -> list[ByteArray]:
    """Digits for which the path names another class than the network."""
    parts = digits_model.explaining.parts
    path = parts.explainers["meta_forest"]
    found = []
    for image in digits_images:
        activations = parts.network.run(parts.preprocessing.apply(image))
        if path.explain(activations).names != activations.predicted:
            found.append(image)
    assert len(found) >= 10  # else the tests that use them say nothing
    return found


@pytest.fixture(scope="session")
def noise() -> list[ByteArray]:
    rng = np.random.default_rng(5)
    return [rng.integers(0, 256, (8, 8, 1)).astype(np.uint8) for _ in range(20)]
