"""Each operator, as onnxruntime computes it."""

from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from explainers.arrays import AnyArray
from reasoned.errors import NetworkError
from reasoned.network.graph import read_graph
from reasoned.network.onnx_torch import OnnxModule
from tests.reasoned.network.conftest import MakeOnnx, node

RNG = np.random.default_rng(0)
IMAGE = ("batch", 2, 7, 6)
KERNEL = RNG.normal(size=(4, 2, 3, 3)).astype(np.float32)
NORMAL = [RNG.uniform(0.5, 2, 2).astype(np.float32) for _ in range(4)]


def scalar(number: float) -> AnyArray:
    return np.array(number, dtype=np.float32)


def whole(*numbers: int) -> AnyArray:
    return np.array(numbers, dtype=np.int64)


CASES: list[tuple[str, list[AnyArray], dict[str, Any]]] = [
    ("Conv", [KERNEL, RNG.normal(size=4).astype(np.float32)], {"pads": [1, 0, 2, 1]}),
    ("Conv", [KERNEL], {"strides": [2, 1], "dilations": [2, 1]}),
    ("Conv", [KERNEL[:, :1]], {"group": 2, "auto_pad": "SAME_UPPER", "strides": [2, 2]}),
    ("Conv", [KERNEL], {"auto_pad": "SAME_LOWER", "strides": [2, 2]}),
    ("Conv", [KERNEL], {"auto_pad": "VALID"}),
    ("MaxPool", [], {"kernel_shape": [2, 2], "strides": [2, 2]}),
    ("MaxPool", [], {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]}),
    ("MaxPool", [], {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1}),
    ("MaxPool", [], {"kernel_shape": [2, 3], "strides": [3, 2], "ceil_mode": 1}),
    (
        "MaxPool",  # the last window would start behind the map
        [],
        {"kernel_shape": [2, 2], "strides": [3, 3], "pads": [1, 1, 1, 1], "ceil_mode": 1},
    ),
    ("MaxPool", [], {"kernel_shape": [2, 2], "dilations": [2, 2], "pads": [0, 1, 1, 0]}),
    ("AveragePool", [], {"kernel_shape": [3, 2], "strides": [2, 2], "pads": [1, 0, 1, 1]}),
    ("AveragePool", [], {"kernel_shape": [3, 3], "pads": [1, 1, 1, 1], "count_include_pad": 1}),
    ("AveragePool", [], {"kernel_shape": [2, 2]}),
    ("GlobalAveragePool", [], {}),
    ("GlobalMaxPool", [], {}),
    ("BatchNormalization", NORMAL, {"epsilon": 1e-3}),
    ("Relu", [], {}),
    ("LeakyRelu", [], {}),
    ("LeakyRelu", [], {"alpha": 0.3}),
    ("PRelu", [NORMAL[0].reshape(2, 1, 1)], {}),
    ("Clip", [scalar(-0.2), scalar(0.5)], {}),
    ("Abs", [], {}),
    ("Neg", [], {}),
    ("Identity", [], {}),
    ("Dropout", [], {}),
    ("Add", [NORMAL[0].reshape(2, 1, 1)], {}),
    ("Sub", [scalar(2)], {}),
    ("Mul", [NORMAL[0].reshape(2, 1, 1)], {}),
    ("Div", [NORMAL[0].reshape(2, 1, 1)], {}),
    ("Max", [scalar(0.1)], {}),
    ("Min", [scalar(0.1)], {}),
    ("Sum", [scalar(0.1), scalar(2)], {}),
    ("MatMul", [RNG.normal(size=(6, 3)).astype(np.float32)], {}),
    ("Concat", [np.ones((2, 2, 7, 6), np.float32)], {"axis": 1}),
    ("Flatten", [], {}),
    ("Flatten", [], {"axis": -2}),
    ("Reshape", [whole(0, -1)], {}),
    ("Reshape", [whole(0, 6, 14)], {}),
    ("Transpose", [], {"perm": [0, 2, 3, 1]}),
    ("Transpose", [], {}),
    ("Slice", [whole(1, 0), whole(2**62, -1), whole(2, 3), whole(2, 1)], {}),
    ("Slice", [whole(0), whole(2)], {}),
    ("Gather", [whole(1, -2)], {"axis": 2}),
    ("Gather", [np.array([[0, 1], [1, 1]], np.int64)], {"axis": 1}),
    ("Pad", [whole(0, 0, 1, 2, 0, 0, 0, 1), scalar(0.5)], {}),
    ("Pad", [whole(0, 0, 1, 2, 0, 0, 0, 1)], {"mode": "reflect"}),
    ("Pad", [whole(0, 0, 1, 2, 0, 0, 0, 1)], {"mode": "edge"}),
    ("Unsqueeze", [whole(-1, 1)], {}),
    ("ReduceMean", [whole(2, 3)], {"keepdims": 0}),
    ("ReduceMean", [whole(1)], {}),
    ("ReduceSum", [whole(-1)], {}),
    ("ReduceMax", [whole(2, 3)], {}),
]


@pytest.mark.parametrize("case", range(len(CASES)))
def test_torch_gives_what_onnxruntime_gives(make_onnx: MakeOnnx, case: int) -> None:
    kind, constants, settings = CASES[case]
    names = [f"c{place}" for place in range(len(constants))]
    made = node(kind, " ".join(["image", *names]), "out", **settings)
    path = make_onnx([made], dict(zip(names, constants, strict=True)), [("out", ())], IMAGE)
    given = np.random.default_rng(case).normal(size=(2, 2, 7, 6)).astype(np.float32)
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    (expected,) = session.run(None, {"image": given})
    found = OnnxModule(read_graph(path), "image", "out")(torch.from_numpy(given))

    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(("batch", "turned"), [(1, 0), (5, 0), (5, 1)])
def test_an_affine_layer_and_a_squeeze(make_onnx: MakeOnnx, batch: int, turned: int) -> None:
    weights = RNG.normal(size=(2, 3)).astype(np.float32)
    nodes = [
        node("GlobalAveragePool", "image", "mean"),
        node("Squeeze", "mean axes", "flat"),
        node("Gemm", "flat w b", "out", alpha=0.5, beta=2.0, transB=turned),
    ]
    constants = {
        "w": weights.T.copy() if turned else weights,
        "b": NORMAL[0][:1],
        "axes": whole(2, 3),
    }
    path = make_onnx(nodes, constants, [("out", ("batch", 3))], IMAGE)
    given = RNG.normal(size=(batch, 2, 7, 6)).astype(np.float32)
    found = OnnxModule(read_graph(path), "image", "out")(torch.from_numpy(given))

    expected = 0.5 * given.mean(axis=(2, 3)) @ weights + 2 * NORMAL[0][0]
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-5)


def test_a_graph_for_one_image_takes_many(make_onnx: MakeOnnx) -> None:
    nodes = [node("Reshape", "image s", "flat"), node("MatMul", "flat w", "out")]
    constants = {"s": whole(1, 16), "w": RNG.normal(size=(16, 3)).astype(np.float32)}
    path = make_onnx(nodes, constants, [("out", (1, 3))], (1, 1, 4, 4))
    given = RNG.normal(size=(5, 1, 4, 4)).astype(np.float32)
    found = OnnxModule(read_graph(path), "image", "out")(torch.from_numpy(given))

    expected = given.reshape(5, 16) @ constants["w"]
    np.testing.assert_allclose(found.numpy(), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("kind", "constants", "settings", "words"),
    [
        ("Slice", [whole(3), whole(0), whole(2), whole(-1)], {}, "steps of at least 1, not"),
        (
            "AveragePool",
            [],
            {"kernel_shape": [2, 2], "strides": [2, 2], "ceil_mode": 1},
            "AveragePool with ceil_mode or dilations is not read here",
        ),
        ("Conv", [np.ones((4, 2, 3), np.float32)], {}, "in two dimensions only"),
        ("Erf", [], {}, "computes Erf, and only piecewise linear operators"),
    ],
)
def test_what_is_not_read_is_refused(
    make_onnx: MakeOnnx,
    kind: str,
    constants: list[AnyArray],
    settings: dict[str, Any],
    words: str,
) -> None:
    names = [f"c{place}" for place in range(len(constants))]
    image = IMAGE[:3] if kind == "Conv" else IMAGE
    made = node(kind, " ".join(["image", *names]), "out", **settings)
    path = make_onnx([made], dict(zip(names, constants, strict=True)), [("out", ())], image)
    given = torch.zeros(2, *(int(size) for size in image[1:]))

    with pytest.raises(NetworkError, match=words):
        OnnxModule(read_graph(path), "image", "out")(given)
