import re

import numpy as np
import pytest

from explainers.errors import ArtefactError, ShapeError
from tests.explainers.representative.served.worked import fields, no_maps, single, worked

UNIT = re.escape("lengths of normals must lie in [0.999, 1.001]")
STARTS = "starts must rise from 0 to 8, the number of facets"
CHAIN = "tail_shapes must chain from the units, one slope each"


def _changed(name: str, place: object, value: object) -> dict[str, object]:
    array = fields()[name].copy()
    array[place] = value
    return {name: array}


def _tail(**changes: object) -> dict[str, object]:
    """Two units, a layer of four, and three classes."""
    return {
        "tail_shapes": ((4, 2), (3, 4)),
        "tail_slopes": (1.0, 0.0),
        "tail_weights": np.ones(20),
        "tail_biases": np.ones(7),
        "search_points": single([[1, 2], [3, 4]]),
        "search_predicted": np.array([0, 2]),
    } | changes


def _shaped(*shapes: tuple[int, int]) -> dict[str, object]:
    """As many numbers as these shapes ask for."""
    return _tail(
        tail_shapes=shapes,
        tail_weights=np.ones(sum(rows * columns for rows, columns in shapes)),
        tail_biases=np.ones(sum(rows for rows, _ in shapes)),
    )


def test_what_is_sound_is_taken() -> None:
    assert worked(**_tail()).tail_shapes == ((4, 2), (3, 4))
    assert worked(**no_maps()).heats.size == 0
    assert worked(channel_map=single([[1, 2], [3, 4]])).channel_map.shape == (2, 2)
    assert worked(searches=0, failed=0, violations=0).searches == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (_changed("normals", (0, 0), np.nan), "normals must be finite"),
        (_changed("normals", (0, 0), np.inf), "normals must be finite"),
        (_changed("normals", 3, [0, 0]), UNIT),
        (_changed("normals", 3, [0.8, 0.7]), UNIT),
        (_changed("offsets", 7, np.nan), "offsets must be finite, but holds NaN"),
        (_changed("offsets", 7, -np.inf), "offsets must be finite, but holds NaN or infinity"),
        (_changed("norms", 0, -1), r"norms must lie in \[0, .*, but runs from -1"),
        (_changed("norms", 0, np.nan), r"norms must lie in \[0, "),
        (_changed("guarded", 2, 3), r"guarded must lie in \[0, 2\], but runs from 0 to 3"),
        (_changed("guarded", 2, -1), r"guarded must lie in \[0, 2\], but runs from -1 to 2"),
        (_changed("starts", 0, 1), STARTS),
        (_changed("starts", 3, 7), STARTS),
        (_changed("starts", 3, 9), r"starts must lie in \[0, 8\], but runs from 0 to 9"),
        (_changed("starts", 1, 7), STARTS),
        (_changed("starts", 1, 0), STARTS),
        (_changed("starts", 2, 2), STARTS),
        ({"starts": np.array([0])}, r"number of polytopes must lie in \[1, 8\], but runs from 0"),
        ({"starts": np.arange(10)}, r"number of polytopes must lie in \[1, 8\], but runs from 9"),
        (_changed("polytope_classes", 0, 3), r"polytope_classes must lie in \[0, 2\]"),
        (_changed("polytope_classes", 0, -1), r"polytope_classes must lie in \[0, 2\]"),
        (_changed("references", 2, 0), r"references must lie in \[1, "),
        (_changed("others", 2, -1), r"others must lie in \[0, "),
        (_changed("others", 1, 4), "others must not be more than references"),
        ({"least_depth": -0.5}, r"least_depth must lie in \[0.0, 1e\+30\], but runs from -0.5"),
        ({"least_depth": np.nan}, r"least_depth must lie in \[0.0, "),
        ({"scale": 0.0}, r"scale must lie in \[1e-30, 1e\+30\], but runs from 0.0"),
        ({"scale": np.inf}, r"scale must lie in \[1e-30, "),
        (_changed("example_points", (1, 1), np.nan), "example_points must be finite"),
        (_changed("example_points", (1, 1), 1e20), "example_points must be .* at most 1e\\+15"),
        (_changed("example_rows", 0, -1), r"example_rows must lie in \[0, "),
        (_changed("example_predicted", 0, 3), r"example_predicted must lie in \[0, 2\]"),
        (_changed("example_predicted", 0, -1), r"example_predicted must lie in \[0, 2\]"),
        ({"example_ids": ("same",) * 8}, "example_ids must differ"),
        (_changed("similar", (0, 0), 8), r"similar must lie in \[-1, 7\], but runs from -1 to 8"),
        (_changed("similar", (0, 0), -2), r"similar must lie in \[-1, 7\], but runs from -2"),
        (_changed("channel_weights", (2, 1), np.nan), "channel_weights must be finite"),
        (
            {"channel_weights": np.zeros((0, 2), np.float32)},
            "channel_weights and heats must both be there, or neither",
        ),
        (
            {"heats": np.zeros((0, 0, 0, 0), np.uint8)},
            "channel_weights and heats must both be there, or neither",
        ),
        (
            {"channel_weights": np.ones((2, 2), np.float32)},
            "channel_weights must be of 3 polytopes",
        ),
        (
            {"heats": np.zeros((2, 5, 2, 2), np.uint8)},
            "^heats must be of 3 polytopes, not 2",
        ),
        (
            {"side_heats": np.zeros((4, 2, 2, 2), np.uint8)},
            "^side_heats must be of 3 polytopes, not 4",
        ),
        (
            {"side_heats": np.zeros((0, 0, 0, 0), np.uint8)},
            "channel_weights and side_heats must both be there, or neither",
        ),
        (
            no_maps() | {"side_heats": np.zeros((3, 2, 2, 2), np.uint8)},
            "channel_weights and side_heats must both be there, or neither",
        ),
        (
            {"heats": np.zeros((3, 4, 2, 2), np.uint8)},
            "heats must be of the 5 images that a gallery shows",
        ),
        (
            {"heats": np.zeros((3, 6, 2, 2), np.uint8)},
            "heats must be of the 5 images that a gallery shows",
        ),
        (
            {"heats": np.zeros((3, 14, 2, 2), np.uint8), "similar": np.zeros((3, 48), np.int64)},
            "heats must be of the 15 images that a gallery shows",
        ),
        (
            {"channel_map": np.ones((3, 2), np.float32)},
            r"channel_map must have shape \(2, 2\)",
        ),
        (
            {"channel_map": np.ones((2, 3), np.float32)},
            r"channel_map must have shape \(2, 2\)",
        ),
        (
            {"channel_map": single([[1, 2], [np.inf, 4]])},
            "channel_map must be finite",
        ),
        (
            _changed("similar", (1, 0), -1),
            r"seeds in similar must lie in \[0, 7\], but runs from -1",
        ),
        (_changed("class_coverage", 1, 1.5), r"class_coverage must lie in \[0.0, 1.0\]"),
        (_changed("class_coverage", 1, np.nan), r"class_coverage must lie in \[0.0, 1.0\]"),
        (_changed("class_agreement", 0, -0.5), r"class_agreement must lie in \[0.0, 1.0\]"),
        ({"searches": -1}, r"searches must lie in \[0, "),
        ({"failed": -2}, r"failed must lie in \[0, .* but runs from -2"),
        ({"violations": -3}, r"violations must lie in \[0, .* but runs from -3"),
        (_changed("coverage", 0, 1.25), r"coverage must lie in \[0.0, 1.0\], but runs from 0.75"),
        (_changed("coverage", 0, np.nan), r"coverage must lie in \[0.0, 1.0\]"),
        (_changed("agreement", 2, -0.5), r"agreement must lie in \[0.0, 1.0\], but runs from -0.5"),
        (_tail(tail_weights=np.full(20, np.nan)), "tail_weights must lie in .* from nan"),
        (_tail(tail_biases=np.full(7, np.inf)), "tail_biases must lie in .* from inf"),
        (_tail(tail_slopes=(1.0, np.nan)), "tail_slopes must lie in"),
        (_tail(tail_slopes=(1.0,)), CHAIN),
        (_tail(tail_slopes=()), CHAIN),
        (
            _tail(tail_shapes=((5, 2), (3, 3)), tail_weights=np.ones(19), tail_biases=np.ones(8)),
            CHAIN,
        ),
        (
            _tail(tail_shapes=((2, 4), (3, 2)), tail_weights=np.ones(14), tail_biases=np.ones(5)),
            CHAIN,
        ),
        (_shaped((4, 2), (4, 4)), "tail_shapes must end in 3 classes"),
        (_tail(search_points=single([[1, 2], [np.nan, 4]])), "search_points must be finite"),
        (_tail(search_predicted=np.array([0, 3])), r"search_predicted must lie in \[0, 2\]"),
    ],
)
def test_what_must_not_be_used_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ArtefactError, match=told):
        worked(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"normals": np.ones(8, np.float32)}, "normals must have shape (facets, units), not (8,)"),
        ({"offsets": np.ones(7, np.float32)}, "offsets must have shape (facets=8), not (7,)"),
        ({"norms": np.ones(9, np.float32)}, "norms must have shape (facets=8), not (9,)"),
        ({"guarded": np.zeros((8, 1), np.int64)}, "guarded must have shape (facets=8), not (8, 1)"),
        ({"starts": np.zeros((4, 1), np.int64)}, "starts must have shape (bounds), not (4, 1)"),
        (
            {"polytope_classes": np.zeros(2, np.int64)},
            "polytope_classes must have shape (polytopes=3), not (2,)",
        ),
        ({"references": np.ones(4, np.int64)}, "references must have shape (polytopes=3), not (4,"),
        ({"others": np.zeros(4, np.int64)}, "others must have shape (polytopes=3), not (4,)"),
        (
            {"example_points": np.zeros((8, 3), np.float32)},
            "example_points must have shape (e=8, u=2), not (8, 3)",
        ),
        (
            {"example_points": np.zeros((7, 2), np.float32)},
            "example_points must have shape (e=8, u=2), not (7, 2)",
        ),
        (
            {"example_ids": ("one", "two")},
            "example_points must have shape (e=2, u=2), not (8, 2)",
        ),
        (
            {"example_rows": np.zeros(7, np.int64)},
            "example_rows must have shape (examples=8), not (7,)",
        ),
        (
            {"example_predicted": np.zeros(9, np.int64)},
            "example_predicted must have shape (examples=8), not (9,)",
        ),
        (
            {"similar": np.zeros((2, 5), np.int64)},
            "similar must have shape (polytopes=3, images), not (2, 5)",
        ),
        (
            {"channel_weights": np.zeros(3, np.float32)},
            "channel_weights must have shape (polytopes, channels), not (3,)",
        ),
        (
            {"heats": np.zeros((3, 5, 4), np.uint8)},
            "heats must have shape (polytopes, images, rows, columns), not (3, 5, 4)",
        ),
        (
            {"side_heats": np.zeros((3, 2, 4), np.uint8)},
            "side_heats must have shape (polytopes, images, rows, columns), not (3, 2, 4)",
        ),
        (
            {"channel_map": np.zeros(2, np.float32)},
            "channel_map must have shape (units, channels), not (2,)",
        ),
        (
            {"class_coverage": np.ones(2)},
            "class_coverage must have shape (classes=3), not (2,)",
        ),
        (
            {"class_agreement": np.ones((3, 1))},
            "class_agreement must have shape (classes=3), not (3, 1)",
        ),
        ({"coverage": np.ones(2)}, "coverage must have shape (polytopes=3), not (2,)"),
        ({"agreement": np.ones((3, 1))}, "agreement must have shape (polytopes=3), not (3, 1)"),
        (
            _tail(tail_weights=np.ones(19)),
            "tail_weights must have shape (numbers=20), not (19,)",
        ),
        (_tail(tail_biases=np.ones(8)), "tail_biases must have shape (numbers=7), not (8,)"),
        (
            _tail(search_points=np.zeros((2, 3), np.float32)),
            "search_points must have shape (points=2, units=2), not (2, 3)",
        ),
        (
            _tail(search_predicted=np.zeros(3, np.int64)),
            "search_points must have shape (points=3, units=2), not (2, 2)",
        ),
        (
            _tail(search_predicted=np.zeros((2, 1), np.int64)),
            "search_predicted must have shape (points), not (2, 1)",
        ),
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ShapeError, match=re.escape(told)):
        worked(**changes)
