"""ONNX files, made by hand."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from explainers.arrays import AnyArray

MakeOnnx = Callable[..., Path]
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
