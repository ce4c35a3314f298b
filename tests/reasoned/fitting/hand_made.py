"""Judgements, tables and graphs, made by hand for the tests of the fit."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray, IntArray
from explainers.evidence import Evidence
from explainers.fitting_contract import silent
from reasoned.fitting.activations import tabulate
from reasoned.fitting.calibration import Judged
from reasoned.inference import Network
from reasoned.network.tapping import tap


def judged(
    strength: float | None,
    names: int,
    predicted: int = 0,
    label: int = 0,
    region: str | None = "leaf-0",
    *,
    outside: bool = False,
) -> Judged:
    return judged_by({"meta_forest": (strength, names, region)}, predicted, label, outside=outside)


def judged_by(
    said: Mapping[str, tuple[float | None, int | None, str | None]],
    predicted: int = 0,
    label: int = 0,
    *,
    outside: bool = False,
) -> Judged:
    """Judge an image by what each method has for strength, class and region."""
    evidence = {
        method: Evidence(method, "path", region, names, strength, "", b"{}")
        for method, (strength, names, region) in said.items()
    }
    return Judged(evidence, outside, predicted, label)


def averaging_network(
    folder: Path, channels: int, weights: FloatArray, bias: FloatArray
) -> Network:
    """Make a network whose logits are affine in each channel's mean."""
    nodes = [
        helper.make_node("GlobalAveragePool", ["image"], ["pooled"], name="pool"),
        helper.make_node("Flatten", ["pooled"], ["flat"], name="flat"),
        helper.make_node("Gemm", ["flat", "w", "b"], ["out"], name="out"),
    ]
    graph = helper.make_graph(
        nodes,
        "averages",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["batch", channels, 4, 4])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, ["batch", len(bias)])],
        [numpy_helper.from_array(weights, "w"), numpy_helper.from_array(bias, "b")],
    )
    path = folder / "averages.onnx"
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), path
    )
    tap(path, "flat", None, folder / "network.onnx")
    return Network.load(folder / "network.onnx")


def table_of(
    network: Network, pixels: FloatArray, labels: IntArray, folder: Path
) -> ActivationTable:
    rows = np.arange(len(labels), dtype=np.int64)
    return tabulate(network, pixels, rows, labels, folder / "table", silent)
