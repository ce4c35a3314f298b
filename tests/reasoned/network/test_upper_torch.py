"""The network above the map by torch: exact inside one piece."""

import numpy as np
import pytest
import torch

from reasoned.network import upper_torch
from reasoned.network.upper_graph import UpperGraph
from reasoned.network.upper_torch import TorchUpper, torch_upper
from tests.reasoned.network import upper_networks as networks
from tests.reasoned.network.conftest import Exporter
from tests.reasoned.network.test_upper_graph import seen


@pytest.fixture
def pooled(exported: Exporter) -> TorchUpper:
    above = seen(exported(networks.pooled).path)
    assert isinstance(above, UpperGraph)
    return torch_upper(above)


def test_the_logits_are_those_of_the_network(exported: Exporter, pooled: TorchUpper) -> None:
    network = exported(networks.pooled).network
    points = np.random.default_rng(0).normal(size=(9, 64))
    with torch.no_grad():
        expected = network[2:](torch.from_numpy(points).float().reshape(9, 4, 4, 4)).numpy()

    np.testing.assert_allclose(pooled.logits(points), expected, rtol=1e-5, atol=1e-6)
    assert pooled.logits(points).dtype == np.float64
    assert (pooled.approximate, pooled.single_piece, pooled.shape) == ("", False, (4, 4, 4))


def test_the_local_form_is_exact_inside_its_piece(pooled: TorchUpper) -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(30, 64))
    first, second = rng.integers(0, 3, 30), rng.integers(0, 3, 30)
    normals, offsets = pooled.local(points, first, second)
    for distance in (0.0, 1e-7):
        near = points + distance * rng.normal(size=points.shape)
        logits = pooled.logits(near)
        gaps = logits[np.arange(30), first] - logits[np.arange(30), second]

        np.testing.assert_allclose((normals * near).sum(axis=1) + offsets, gaps, rtol=0, atol=1e-12)
    step = 1e-7 * np.eye(64)[rng.integers(0, 64, 30)]
    moved = pooled.logits(points + step) - pooled.logits(points)
    slopes = (moved[np.arange(30), first] - moved[np.arange(30), second]) / 1e-7
    np.testing.assert_allclose((normals * step).sum(axis=1) / 1e-7, slopes, rtol=0, atol=1e-6)


def test_many_points_get_what_each_gets_alone(pooled: TorchUpper) -> None:
    rng = np.random.default_rng(2)
    count = upper_torch._AT_ONCE // 64 + 5  # noqa: SLF001  more than go at once
    points = np.repeat(rng.normal(size=(5, 64)), count // 5 + 1, axis=0)[:count]
    first, second = np.zeros(count, np.int64), np.arange(count) % 2 + 1
    normals, offsets = pooled.local(points, first, second)
    alone = pooled.local(points[-1:], first[-1:], second[-1:])

    assert normals.shape == (count, 64)
    np.testing.assert_allclose(normals[-1], alone[0][0], rtol=0, atol=1e-12)
    np.testing.assert_allclose(offsets[-1], alone[1][0], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(normals[0], normals[2])


def test_no_points_get_no_answers(pooled: TorchUpper) -> None:
    none = np.zeros(0, np.int64)
    normals, offsets = pooled.local(np.zeros((0, 64)), none, none)

    assert (normals.shape, offsets.shape) == ((0, 64), (0,))
    assert pooled.logits(np.zeros((0, 64))).shape == (0, 3)
