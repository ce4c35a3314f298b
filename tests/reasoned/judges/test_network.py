"""The network in torch: the served logits and taps, and what forgetting changes."""

import copy
from pathlib import Path

import numpy as np
import onnx
import pytest

from explainers.arrays import FloatArray
from reasoned.errors import NetworkError
from reasoned.inference import Network
from reasoned.judges.layers import Layer
from reasoned.judges.network import JudgedNetwork, open_network
from reasoned.judges.subject import JudgeSubject
from reasoned.network.graph import read_graph
from reasoned.network.upper_dense import dense_tail
from tests.reasoned.judges.judged_networks import by_hand, image


def test_the_network_by_hand_gives_the_logits_worked_by_hand(small: JudgedNetwork) -> None:
    np.testing.assert_allclose(small.logits(image(1.25, 0.5)), [[2.5, 1.5, -1.75]])
    found = small.run(image(1.25, 0.5), "psi", "boundary")
    np.testing.assert_allclose(found["boundary"], [[1.25, 0.5]])
    psi = np.array([[[[1.25, 0], [0, 0]], [[0, 0], [0, 0.5]]]])
    np.testing.assert_allclose(found["psi"], psi)


def test_every_tap_is_the_served_one(
    digits_folder: Path, digits_network: JudgedNetwork, digits_subject: JudgeSubject
) -> None:
    served = Network.load(digits_folder / "network.onnx").run_many(digits_subject.pixels)
    found = digits_network.tabulate(digits_subject.pixels)
    for tap, array in served.items():
        # Two libraries add up in other orders, in float32.
        np.testing.assert_allclose(getattr(found, tap), array, rtol=1e-4, atol=1e-4)
    assert (found.predicted == served["logits"].argmax(axis=1)).all()


def test_an_opened_network_is_held_against_the_served_one(
    digits_folder: Path, digits_subject: JudgeSubject
) -> None:
    network, difference = open_network(digits_folder / "network.onnx", digits_subject.pixels)
    assert 0.0 <= difference < 1e-5
    assert network.logits(digits_subject.pixels).shape == (len(digits_subject.pixels), 10)


def test_an_operator_that_cannot_be_differentiated_is_refused(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "made.onnx")
    model = onnx.load(path)
    model.graph.node[3].op_type = "Sigmoid"
    onnx.save(model, path)
    with pytest.raises(NetworkError, match="computes Sigmoid, and only piecewise linear"):
        open_network(path, image(1.0, 1.0))


def test_without_a_map_the_network_is_one_piece(tmp_path: Path) -> None:
    path = by_hand(tmp_path / "made.onnx")
    model = onnx.load(path)
    kept = [entry for entry in model.metadata_props if entry.key != "reasoned.psi"]
    del model.metadata_props[:]
    model.metadata_props.extend(kept)
    onnx.save(model, path)
    network = JudgedNetwork(read_graph(path))
    assert network.lower is None
    np.testing.assert_allclose(network.logits(image(1.25, 0.5)), [[2.5, 1.5, -1.75]])


def test_a_network_drawn_again_has_the_same_numbers_elsewhere(
    digits_network: JudgedNetwork, digits_subject: JudgeSubject
) -> None:
    before = digits_network.fingerprint()
    again, other = digits_network.drawn_again(1), digits_network.drawn_again(2)
    for old, new in zip(digits_network.layers.buffers(), again.layers.buffers(), strict=True):
        assert not np.array_equal(old.numpy(), new.numpy())
        np.testing.assert_array_equal(np.sort(old.numpy().ravel()), np.sort(new.numpy().ravel()))
    assert digits_network.fingerprint() == before
    assert len({before, again.fingerprint(), other.fingerprint()}) == 3
    assert again.fingerprint() == digits_network.drawn_again(1).fingerprint()
    assert_one_network(again, digits_subject.pixels)


def test_a_copy_that_forgets_a_layer_leaves_the_network_alone(
    digits_network: JudgedNetwork, digits_subject: JudgeSubject
) -> None:
    # As Quantus does it: a deep copy, and its layers one after the other.
    before = digits_network.logits(digits_subject.pixels)
    copied = copy.deepcopy(digits_network)
    for layer in copied.layers:
        assert isinstance(layer, Layer)
        layer.reset_parameters()
        assert_one_network(copied, digits_subject.pixels)
    np.testing.assert_array_equal(digits_network.logits(digits_subject.pixels), before)


def assert_one_network(network: JudgedNetwork, pixels: FloatArray) -> None:
    """Show that halves, taps, and what is read above psi, speak of the same parameters."""
    found = network.run(pixels, "logits", "boundary")
    np.testing.assert_allclose(network.logits(pixels), found["logits"], rtol=1e-4, atol=1e-4)
    tail = dense_tail(network.above())
    assert tail is not None
    logits = tail.logits(found["boundary"].astype(np.float64))
    np.testing.assert_allclose(logits, found["logits"], rtol=1e-3, atol=1e-3)


def test_layers_come_from_below(small: JudgedNetwork) -> None:
    shapes = [[tuple(b.shape) for b in layer.buffers()] for layer in small.layers]
    assert shapes == [[(2, 1, 2, 2)], [(2, 8)], [(3, 2)]]
