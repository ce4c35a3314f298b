"""Which nodes are affine in what the image shows, and which are piecewise linear."""

import pytest

from reasoned.network.onnx_operators import OPERATIONS
from reasoned.network.operators import PIECEWISE, data_inputs, is_affine, obstacle
from tests.reasoned.network.conftest import node

COMPUTED = {"x", "y"}


@pytest.mark.parametrize(
    ("kind", "inputs", "affine", "words"),
    [
        ("Add", "x y", True, ""),
        ("Mul", "x w", True, ""),
        ("Mul", "w x", True, ""),
        ("Mul", "x y", False, "Mul of two computed values"),
        ("MatMul", "x y", False, "MatMul of two computed values"),
        ("Div", "x w", True, ""),
        ("Div", "w x", False, "Div with computed settings"),
        ("Gemm", "x w b", True, ""),
        ("Gemm", "x y b", False, "Gemm with computed settings"),
        ("Relu", "x", False, ""),
        ("PRelu", "x w", False, ""),
        ("PRelu", "x y", False, "PRelu with computed settings"),
        ("Max", "x y", False, ""),
        ("Reshape", "x y", True, ""),
        ("Gelu", "x", False, "Gelu"),
        ("Softmax", "x", False, "Softmax"),
        ("Shape", "x", False, "Shape"),
    ],
)
def test_a_node_is_what_its_inputs_make_it(
    kind: str,
    inputs: str,
    affine: bool,  # noqa: FBT001  a case
    words: str,
) -> None:
    made = node(kind, inputs, "z")

    assert is_affine(made, COMPUTED) is affine
    assert obstacle(made, COMPUTED) == words


def test_a_shape_carries_no_numbers() -> None:
    assert data_inputs(node("Reshape", "x s", "z")) == ["x"]
    assert data_inputs(node("Add", "x y", "z")) == ["x", "y"]


def test_every_piecewise_linear_operator_can_be_run() -> None:
    assert set(OPERATIONS) == PIECEWISE
