import dataclasses

import numpy as np
import pytest
import torch
from torch.nn import functional

from explainers.activations import Activations
from explainers.attributes.fitting.architecture import Architecture, Shape
from explainers.attributes.fitting.interpreter import Interpreter
from explainers.attributes.fitting.interpreting import Trained
from explainers.attributes.fitting.storing import stored_psi
from explainers.attributes.served import Attributes
from explainers.attributes.served.psi import Convolution, ServedPsi, pooling_matrix
from tests.explainers.attributes.interpreters import flat_fields
from tests.explainers.graph_heads import numbers_of

MADE = Architecture(attributes=5, width=4)
CASES: dict[str, tuple[tuple[Shape, ...], Architecture]] = {
    "the paper's for MNIST": (((3, 14, 14),), dataclasses.replace(MADE, outer_slope=0.01)),
    "a pooled map": (((3, 14, 14),), dataclasses.replace(MADE, pool=2)),
    "a pooled map of odd sides": (((2, 7, 5),), dataclasses.replace(MADE, pool=2)),
    "two maps": (((3, 8, 8), (6, 4, 4)), dataclasses.replace(MADE, inner_slope=0.0)),
    "two maps, 7 and 4": (((3, 7, 7), (6, 4, 4)), MADE),
    "two maps, alike": (((3, 5, 5), (2, 5, 5)), MADE),
    "a flat layer": (((12, 1, 1),), MADE),
    "a positive head": (((3, 6, 6),), dataclasses.replace(MADE, positive_head=True)),
}


def served(shapes: tuple[Shape, ...], made: Architecture) -> tuple[Attributes, Interpreter]:
    torch.manual_seed(3)
    interpreter = Interpreter(shapes, (1, 8, 8), 2, made).eval()
    trained = Trained(interpreter, made, shapes, "[]", by_design=False)
    fields = flat_fields() | stored_psi(trained)
    fields |= {
        "layers": tuple(f"layer {i}" for i in range(len(shapes))),
        "mean_phi": np.ones(5),
        "table": np.zeros((2, 5)),
    }
    return Attributes(**fields), interpreter


def image(shapes: tuple[Shape, ...], rng: np.random.Generator) -> Activations:
    maps = [rng.normal(size=shape).astype(np.float32) for shape in shapes]
    taps = [m.ravel() if m.shape[1:] == (1, 1) else m for m in maps]
    return Activations(
        logits=np.zeros(2, np.float32),
        hidden=np.zeros(3, np.float32),
        predicted=0,
        pixels=np.zeros((1, 8, 8), np.float32),
        intermediate=taps[0],
        second_intermediate=taps[1] if len(taps) > 1 else None,
    )


@pytest.mark.parametrize("case", list(CASES))
def test_numpy_the_graph_and_torch_give_the_same(case: str) -> None:
    shapes, made = CASES[case]
    stored, interpreter = served(shapes, made)
    row = image(shapes, np.random.default_rng(0))
    given = [row.intermediate, row.second_intermediate][: len(shapes)]
    maps = tuple(torch.from_numpy(array)[None] for array in given if array is not None)
    with torch.no_grad():
        expected = interpreter(maps)
    wanted = torch.cat([expected.phi, expected.logits], dim=1)[0].tolist()

    numpy_gives = ServedPsi.of(stored).numbers(tuple(a for a in given if a is not None))
    head = stored.head()

    assert head is not None
    assert numpy_gives == pytest.approx(wanted, abs=1e-5)
    assert numbers_of(head, row) == pytest.approx(wanted, abs=1e-5)


@pytest.mark.parametrize(("size", "side"), [((14, 14), (3, 3)), ((7, 5), (3, 2)), ((1, 1), (1, 1))])
def test_the_pooling_matrix_is_adaptive_average_pooling(
    size: tuple[int, int], side: tuple[int, int]
) -> None:
    given = np.random.default_rng(1).normal(size=(2, *size)).astype(np.float32)
    wanted = functional.adaptive_avg_pool2d(torch.from_numpy(given), side).numpy()

    found = given.reshape(2, -1) @ pooling_matrix(size, side)

    np.testing.assert_allclose(found, wanted.reshape(2, -1), atol=1e-6)


def test_a_convolution_by_hand() -> None:
    weights = np.zeros((1, 1, 3, 3), np.float32)
    weights[0, 0, 1, 2] = 1.0  # what lies to the right
    convolution = Convolution(weights, np.array([10.0], np.float32), 1)

    found = convolution(np.array([[[1.0, 2.0], [3.0, 4.0]]], np.float32))

    np.testing.assert_array_equal(found, [[[12.0, 10.0], [14.0, 10.0]]])


def test_numbers_beyond_all_bounds_stay_numbers() -> None:
    shapes, made = CASES["a flat layer"]
    stored, _ = served(shapes, made)
    huge = np.full(12, 3e38, np.float32)

    with np.errstate(over="ignore", invalid="ignore"):
        found = ServedPsi.of(stored).numbers((huge,))

    assert np.isfinite(found).all()
