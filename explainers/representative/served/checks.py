"""Whether the stored parts of the method fit together."""

from typing import TYPE_CHECKING

import numpy as np

from explainers.arrays import check_finite, check_lengths, check_range, check_shape
from explainers.errors import ArtefactError
from explainers.representative.served.showcase import SHOWN

if TYPE_CHECKING:
    from explainers.representative.served.explainer import Representative

MOST = np.iinfo(np.int64).max
LARGEST = 1e15
MOST_STORED, MOST_TAIL, MOST_POINTS = 4_000, 500_000, 8_000_000
_UNIT = 1e-3


def check_stored(stored: "Representative") -> None:
    """Raise `ArtefactError` or `ShapeError` naming the first part that does not fit."""
    _check_facets(stored)
    _check_polytopes(stored)
    _check_examples(stored)
    _check_maps(stored)
    _check_curves(stored)
    _check_tail(stored)


def _check_facets(stored: "Representative") -> None:
    check_shape("normals", stored.normals, "facets", "units")
    facets, classes = len(stored.normals), len(stored.class_names)
    check_range("number of facets", np.array([facets]), 1, MOST)
    check_lengths("normals", stored.normals)
    lengths = np.linalg.norm(stored.normals.astype(np.float64), axis=1)
    check_range("lengths of normals", lengths, 1 - _UNIT, 1 + _UNIT)
    for name in ("offsets", "norms", "guarded"):
        check_shape(name, getattr(stored, name), "facets", facets=facets)
    check_finite("offsets", stored.offsets)
    # A margin is a product of the two: it must stay a number in float32.
    check_range("offsets", stored.offsets, -LARGEST, LARGEST)
    check_range("norms", stored.norms, 0, LARGEST)
    check_range("guarded", stored.guarded, 0, classes - 1)


def _check_polytopes(stored: "Representative") -> None:
    check_shape("starts", stored.starts, "bounds")
    facets, polytopes = len(stored.normals), len(stored.starts) - 1
    check_range("number of polytopes", np.array([polytopes]), 1, facets)
    check_range("starts", stored.starts, 0, facets)
    if stored.starts[0] != 0 or stored.starts[-1] != facets or np.any(np.diff(stored.starts) < 1):
        raise ArtefactError(f"starts must rise from 0 to {facets}, the number of facets")
    for name in ("polytope_classes", "references", "others"):
        check_shape(name, getattr(stored, name), "polytopes", polytopes=polytopes)
    check_range("polytope_classes", stored.polytope_classes, 0, len(stored.class_names) - 1)
    check_range("references", stored.references, 1, MOST)
    check_range("others", stored.others, 0, MOST)
    if np.any(stored.others > stored.references):
        raise ArtefactError("others must not be more than references")
    check_range("least_depth", np.array([stored.least_depth]), 0.0, 1e30)
    check_range("scale", np.array([stored.scale]), 1e-30, 1e30)


def _check_examples(stored: "Representative") -> None:
    units, examples = stored.normals.shape[1], len(stored.example_ids)
    check_shape("example_points", stored.example_points, "e", "u", e=examples, u=units)
    check_lengths("example_points", stored.example_points)
    for name in ("example_rows", "example_predicted"):
        check_shape(name, getattr(stored, name), "examples", examples=examples)
    check_range("example_rows", stored.example_rows, 0, MOST)
    check_range("example_predicted", stored.example_predicted, 0, len(stored.class_names) - 1)
    if len(set(stored.example_ids)) != examples:
        raise ArtefactError("example_ids must differ")
    check_shape("similar", stored.similar, "polytopes", "images", polytopes=len(stored.references))
    check_range("similar", stored.similar, -1, examples - 1)
    check_range("seeds in similar", stored.similar[:, :1], 0, examples - 1)


def _check_maps(stored: "Representative") -> None:
    polytopes, units = len(stored.references), stored.normals.shape[1]
    check_shape("channel_weights", stored.channel_weights, "polytopes", "channels")
    check_shape("channel_map", stored.channel_map, "units", "channels")
    for name in ("heats", "side_heats"):
        maps = getattr(stored, name)
        check_shape(name, maps, "polytopes", "images", "rows", "columns")
        if (maps.size > 0) != (len(stored.channel_weights) > 0):
            raise ArtefactError(f"channel_weights and {name} must both be there, or neither")
        if maps.size and len(maps) != polytopes:
            raise ArtefactError(f"{name} must be of {polytopes} polytopes, not {len(maps)}")
    images = min(SHOWN, stored.similar.shape[1])
    if stored.heats.size and stored.heats.shape[1] != images:
        raise ArtefactError(f"heats must be of the {images} images that a gallery shows")
    if len(stored.channel_weights) not in (0, polytopes):
        raise ArtefactError(f"channel_weights must be of {polytopes} polytopes")
    wanted = (units, stored.channel_weights.shape[1])
    if len(stored.channel_map) and stored.channel_map.shape != wanted:
        raise ArtefactError(f"channel_map must have shape {wanted}")
    check_finite("channel_weights", stored.channel_weights)
    check_finite("channel_map", stored.channel_map)


def _check_curves(stored: "Representative") -> None:
    for name in ("coverage", "agreement"):
        curve = getattr(stored, name)
        check_shape(name, curve, "polytopes", polytopes=len(stored.references))
        check_range(name, curve, 0.0, 1.0)
    classes = len(stored.class_names)
    for name in ("class_coverage", "class_agreement"):
        check_shape(name, getattr(stored, name), "classes", classes=classes)
        check_range(name, getattr(stored, name), 0.0, 1.0)
    for name in ("searches", "failed", "violations"):
        check_range(name, np.array([getattr(stored, name)]), 0, MOST)


def _check_tail(stored: "Representative") -> None:
    shapes, units = stored.tail_shapes, stored.normals.shape[1]
    sides = np.array([side for shape in shapes for side in shape])
    check_range("tail_shapes", sides, 1, MOST_TAIL)
    weights = sum(rows * columns for rows, columns in shapes)
    biases = sum(rows for rows, _ in shapes)
    check_shape("tail_weights", stored.tail_weights, "numbers", numbers=weights)
    check_shape("tail_biases", stored.tail_biases, "numbers", numbers=biases)
    # A search for one image goes through all of it at request time.
    check_range("number of tail_weights", np.array([weights]), 0, MOST_TAIL)
    check_range("tail_weights", stored.tail_weights, -LARGEST, LARGEST)
    check_range("tail_biases", stored.tail_biases, -LARGEST, LARGEST)
    check_range("tail_slopes", np.array(stored.tail_slopes), -1e30, 1e30)
    sizes = [units, *(rows for rows, _ in shapes)]
    chained = all(shape[1] == size for shape, size in zip(shapes, sizes, strict=False))
    if len(stored.tail_slopes) != len(shapes) or not chained:
        raise ArtefactError("tail_shapes must chain from the units, one slope each")
    if shapes and sizes[-1] != len(stored.class_names):
        raise ArtefactError(f"tail_shapes must end in {len(stored.class_names)} classes")
    check_shape("search_predicted", stored.search_predicted, "points")
    points = len(stored.search_predicted)
    check_range("number of search_points", np.array([points]), 0, MOST_STORED)
    check_shape(
        "search_points", stored.search_points, "points", "units", points=points, units=units
    )
    check_lengths("search_points", stored.search_points)
    check_range("search_predicted", stored.search_predicted, 0, len(stored.class_names) - 1)
