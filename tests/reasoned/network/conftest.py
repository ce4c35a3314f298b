"""ONNX files, made by hand."""

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, final

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from explainers.arrays import AnyArray
from reasoned.network.exporting import export
from tests.reasoned.network import upper_networks as networks

MakeOnnx = Callable[..., Path]
LAYERS: dict[Callable[[], nn.Module], str] = {
    networks.Skip: "second",
    networks.averaged: "2",
    networks.pooled: "1",
    networks.smooth: "1",
    networks.two_dense: "1",
    networks.widening: "1",
}
IMAGE = ("batch", 1, 4, 4)


def node(kind: str, inputs: str, output: str, **settings: Any) -> Any:  # noqa: ANN401  onnx has no types
    return helper.make_node(kind, inputs.split(), [output], name=f"node_{output}", **settings)


@pytest.fixture
def make_onnx(tmp_path: Path) -> MakeOnnx:
    """Write a graph of `nodes` from ``image`` to `outputs`; constants by name."""

    def make(
        nodes: Sequence[Any],
        constants: dict[str, AnyArray],
        outputs: Sequence[tuple[str, Sequence[Any]]],
        image: Sequence[Any] = IMAGE,
        kind: int = TensorProto.FLOAT,
    ) -> Path:
        graph = helper.make_graph(
            list(nodes),
            "by hand",
            [helper.make_tensor_value_info("image", kind, list(image))],
            [helper.make_tensor_value_info(n, kind, list(s)) for n, s in outputs],
            [numpy_helper.from_array(value, name) for name, value in constants.items()],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
        path = tmp_path / "made.onnx"
        onnx.save(model, path)
        return path

    return make


@pytest.fixture
def affine() -> tuple[AnyArray, AnyArray]:
    rng = np.random.default_rng(0)
    return rng.normal(size=(16, 3)).astype(np.float32), rng.normal(size=3).astype(np.float32)


@final
@dataclasses.dataclass(frozen=True)
class Exported:
    """A torch network in eval mode, and its graph, whose value ``hidden`` is one layer's."""

    network: nn.Sequential
    path: Path


Exporter = Callable[[Callable[[], nn.Module]], Exported]


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Exporter:
    """Export each network once: that takes seconds."""
    folder, made = tmp_path_factory.mktemp("exported"), dict[object, Exported]()

    def make(factory: Callable[[], nn.Module]) -> Exported:
        if factory not in made:
            torch.manual_seed(0)
            network, path = factory().eval(), folder / f"{len(made)}.onnx"
            export(network, LAYERS[factory], (1, 4, 4), path)
            made[factory] = Exported(network, path)  # type: ignore[arg-type]  # most are in sequence
        return made[factory]

    return make
