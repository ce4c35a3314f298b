"""Read the parts of a model from its folder."""

from pathlib import Path
from typing import Final

from explainers.contract import Explainer
from explainers.neighbours.served import Representatives, WholeSet
from explainers.registry import METHODS
from explainers.reliability import ReliabilityTable
from explainers.status import StatusRule
from explainers.support.served import Support
from reasoned.errors import FolderError
from reasoned.explaining import Parts
from reasoned.folder.manifest import Manifest
from reasoned.inference import Network

WHOLE: Final = "neighbours/whole_set.safetensors"


def read_parts(folder: Path, manifest: Manifest) -> Parts:
    """Read everything that explains from a checked folder."""
    unknown = sorted(set(manifest.methods) - set(METHODS))
    if unknown:
        raise FolderError(f"{folder} packages {unknown}, but this release serves {list(METHODS)}")
    network = Network.load(folder / "network.onnx")
    explainers: dict[str, Explainer] = {
        name: METHODS[name].load(folder / "methods") for name in METHODS if name in manifest.methods
    }
    return Parts(
        network=network,
        preprocessing=manifest.preprocessing,
        classes=manifest.classes,
        explainers=explainers,
        representatives=Representatives.load(folder / "neighbours"),
        support=Support.load(folder / "support"),
        rule=StatusRule.load(folder),
        reliability=ReliabilityTable.load(folder),
        whole=WholeSet.load(folder / "neighbours") if WHOLE in manifest.files else None,
    )
