"""What is computed for many images at once is what the served method says of each."""

import dataclasses
import json

import numpy as np
import pytest

from reasoned.evaluation.mixture_explanations import (
    cells_of_values,
    class_mixture,
    features_of,
    means_of_cells,
    read_by_gate,
)
from tests.explainers.mixture.stored import drawn, drawn_image, two


def test_two_components_are_worked_out_by_hand() -> None:
    boot = class_mixture(two(), 0)
    x = np.array([[1.0, 0.5], [0.5, 1.0], [0.0, 1.0]])

    np.testing.assert_allclose(boot.each(x), [[4.5, -0.5], [2.0, 2.0], [0.0, 3.0]], rtol=1e-12)
    shares = boot.responsibilities(x)
    np.testing.assert_allclose(shares[:, 0], 1 / (1 + np.exp([-10.0, 0.0, 10.0])), rtol=1e-9)
    gated = boot.gated(x, x)
    np.testing.assert_array_equal(gated.component, [0, 0, 1])
    np.testing.assert_array_equal(gated.dominant, [True, False, True])
    # In the middle nobody dominates: half of each.
    np.testing.assert_allclose(gated.weights, [[4, -1], [1, 1], [-2, 3]], atol=1e-12)
    np.testing.assert_allclose(gated.predicted, [4.5, 2.0, 3.0], atol=1e-12)


def test_the_assignment_weighs_share_and_noise() -> None:
    boot = class_mixture(two(), 0)
    x = np.array([[0.5, 1.0], [1.0, 0.5], [1.0, 0.5]])
    # Both predict 2.0: the larger share and the smaller noise win; then the nearer one.
    np.testing.assert_array_equal(boot.assigned(x, np.array([2.0, 4.4, -0.4])), [0, 0, 1])
    # At 2.0 between 4.5 (s2 0.5) and -0.5 (s2 1.5): log 0.75 - 0.5 (log 0.5 + 12.5) < log 0.25 -
    # 0.5 (log 1.5 + 4.17).
    np.testing.assert_array_equal(boot.assigned(x[1:2], np.array([2.0])), [1])
    without = dataclasses.replace(boot, shares=np.array([1.0, 0.0]))
    np.testing.assert_array_equal(without.assigned(x[1:2], np.array([-0.5])), [0])


@pytest.mark.parametrize("features", ["pixels", "superpixels", "hidden"])
@pytest.mark.parametrize("gate_reads", ["features", "hidden"])
def test_names_and_regions_are_those_that_are_served(features: str, gate_reads: str) -> None:
    rng = np.random.default_rng(8)
    stored = drawn(rng, features=features, gate_reads=gate_reads, shape=(3, 4, 3))
    images = [drawn_image(rng, stored) for _ in range(40)]
    inputs, hidden = (np.stack([getattr(i, tap) for i in images]) for tap in ("pixels", "hidden"))
    low, high = (end[None, :, None, None] for end in (stored.black, stored.white))
    values = ((inputs - low) / (high - low)).reshape(40, -1).astype(np.float32)

    x = features_of(stored, values, hidden)
    read = read_by_gate(stored, x, hidden)
    parts = [class_mixture(stored, c).gated(x, read) for c in range(len(stored.class_names))]
    named = np.argmax([part.predicted for part in parts], axis=0)

    for i, image in enumerate(images):
        evidence = stored.explain(image)
        assert evidence.names == named[i]
        one = parts[int(named[i])]
        alone = one.dominant[i]
        kind = f"component-{one.component[i] + 1}" if alone else "mixed"
        assert evidence.region == f"class-{named[i]}-{kind}"
        assert _predicted(evidence.body) == pytest.approx(one.predicted[i], abs=2e-3)


def _predicted(body: bytes) -> float:
    return float(json.loads(body)["predicted"])


def test_a_cell_is_the_mean_of_its_values() -> None:
    cells = np.array([2, 0, 2, 1, 0, 2])
    values = np.array([[1.0, 2.0, 3.0, 4.0, 5.0, 8.0]], np.float32)
    np.testing.assert_allclose(means_of_cells(values, cells), [[3.5, 4.0, 4.0]], rtol=1e-6)
    np.testing.assert_array_equal(cells_of_values(two()), [0, 1])
