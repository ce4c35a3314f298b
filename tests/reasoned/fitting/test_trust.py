"""A network near chance is refused with the likely reason."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import FloatArray, IntArray
from reasoned.errors import NetworkError
from reasoned.fitting.trust import check_accuracy
from reasoned.images.preprocessing import Preprocessing
from tests.reasoned.fitting.hand_made import averaging_network, table_of

CLASSES = ("black", "red", "green", "blue")
# Logits: a constant for black, and each channel's mean.
WEIGHTS = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], np.float32)
BIAS = np.array([0.3, 0, 0, 0], np.float32)
IMAGENET = (
    np.array([0.485, 0.456, 0.406], np.float32)[:, None, None],
    np.array([0.229, 0.224, 0.225], np.float32)[:, None, None],
)
PLAIN = Preprocessing(height=4, width=4, channels=3, mean=(0.0,) * 3, std=(1.0,) * 3)


@pytest.fixture
def colours() -> tuple[FloatArray, IntArray]:
    """Pictures of one colour each, 0 to 1, with a class in four black."""
    labels = np.arange(200, dtype=np.int64) % 4
    pixels = np.random.default_rng(0).uniform(0, 0.1, (200, 3, 4, 4)).astype(np.float32)
    for channel in range(3):
        pixels[labels == channel + 1, channel] += 0.8
    return pixels, labels


def test_a_network_that_knows_the_data_passes(
    tmp_path: Path, colours: tuple[FloatArray, IntArray]
) -> None:
    network = averaging_network(tmp_path, 3, WEIGHTS, BIAS)
    table = table_of(network, *colours, tmp_path)

    assert check_accuracy(table, CLASSES, network, PLAIN) == 1.0


def test_another_class_order_is_named_with_the_order_that_fits(
    tmp_path: Path, colours: tuple[FloatArray, IntArray]
) -> None:
    pixels, labels = colours
    network = averaging_network(tmp_path, 3, WEIGHTS, BIAS)
    table = table_of(network, pixels, (labels + 1) % 4, tmp_path)
    # Output 0 fires for what is labelled 1, and so on.
    words = (
        r"right for 0\.0 % of the validation images, and 25\.0 % is chance: with its outputs read "
        r"as red, green, blue, black it would be right for 100\.0 %, so the class order is likely "
        "wrong: list the classes in the order of the network's outputs with --classes"
    )
    with pytest.raises(NetworkError, match=words):
        check_accuracy(table, CLASSES, network, PLAIN)


Scale = Callable[[FloatArray], FloatArray]


@pytest.mark.parametrize(
    ("trained_on", "std", "name"),
    [
        (lambda x: x * 255, 1.0, "--mean 0 --std 0.00392157 (values from 0 to 255)"),
        (lambda x: (x - 0.5) / 0.5, 1.0, "--mean 0.5 --std 0.5"),
        (lambda x: x, 0.5, "--mean 0 --std 1"),
        (lambda x: 1 - x, 1.0, "inverted images"),
        (lambda x: x[:, ::-1], 1.0, "blue, green, red instead of red, green, blue"),
        (
            lambda x: (x - IMAGENET[0]) / IMAGENET[1],
            1.0,
            "ImageNet's mean and standard deviation",
        ),
    ],
)
def test_another_normalisation_is_named_with_the_one_that_fits(
    tmp_path: Path, trained_on: Scale, std: float, name: str
) -> None:
    pixels, labels = levels()
    network = averaging_network(tmp_path, 3, *nearest_colour(trained_on(pixels), labels))
    mean = 0.0 if std == 1.0 else 0.5
    wrong = Preprocessing(height=4, width=4, channels=3, mean=(mean,) * 3, std=(std,) * 3)
    table = table_of(network, (pixels - np.float32(mean)) / np.float32(std), labels, tmp_path)

    words = f"with {name} it would be right for 100.0 %, so the normalisation is likely wrong: give"
    with pytest.raises(NetworkError, match=re.escape(words)):
        check_accuracy(table, CLASSES, network, wrong)


def levels() -> tuple[FloatArray, IntArray]:
    """Give pictures whose red and green tell the class, on four dark levels, 0 to 1."""
    labels = np.arange(200, dtype=np.int64) % 4
    pixels = np.random.default_rng(0).uniform(-0.05, 0.05, (200, 3, 4, 4)).astype(np.float32)
    pixels[:, :2] += (0.05 + 0.1 * labels.astype(np.float32))[:, None, None, None]
    pixels[:, 2] += 0.9
    return pixels, labels


def nearest_colour(pixels: FloatArray, labels: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give the affine layer that tells the nearest mean colour of the images as trained on."""
    colour = pixels.mean(axis=(2, 3))
    centres = np.stack([colour[labels == label].mean(axis=0) for label in range(4)])
    weights = (2 * centres.T).astype(np.float32)
    return weights, (-(centres**2).sum(axis=1)).astype(np.float32)


def test_where_nothing_helps_everything_is_named_that_could_be_wrong(
    tmp_path: Path, colours: tuple[FloatArray, IntArray]
) -> None:
    pixels, labels = colours
    network = averaging_network(tmp_path, 3, WEIGHTS, BIAS)
    shuffled = np.random.default_rng(1).permutation(labels)
    table = table_of(network, pixels, shuffled, tmp_path)

    words = (
        "neither another class order nor another normalisation that was tried helps; check "
        "--weights, --size, --channels, --mean, --std and --classes"
    )
    with pytest.raises(NetworkError, match=words):
        check_accuracy(table, CLASSES, network, PLAIN)


@pytest.mark.parametrize("rare", [100, 20])
def test_of_two_classes_an_order_that_is_no_better_than_chance_is_not_blamed(
    tmp_path: Path, rare: int
) -> None:
    # Of two classes one order is always right for half, and of a frequent one for its share.
    labels = np.zeros(200, dtype=np.int64)
    labels[:rare] = 1
    shuffled = np.random.default_rng(3).permutation(labels)
    pixels = np.random.default_rng(2).uniform(size=(200, 1, 4, 4)).astype(np.float32)
    weights, bias = np.array([[-1, 1]], np.float32), np.array([0.5, -0.5], np.float32)
    network = averaging_network(tmp_path, 1, weights, bias)
    table = table_of(network, pixels, shuffled, tmp_path)
    given = Preprocessing(height=4, width=4, channels=1, mean=(0.0,), std=(1.0,))

    with pytest.raises(NetworkError, match="neither another class order nor"):
        check_accuracy(table, ("no", "yes"), network, given)


def test_the_bar_is_a_quarter_of_the_way_from_chance(tmp_path: Path) -> None:
    # 80 of 100 are of one class: the bar is 0.8 + 0.25 * 0.2 = 0.85.
    labels = (np.arange(100) >= 80).astype(np.int64)
    weights, bias = np.array([[0, 1]], np.float32), np.array([0.5, 0], np.float32)
    network = averaging_network(tmp_path, 1, weights, bias)
    given = Preprocessing(height=4, width=4, channels=1, mean=(0.0,), std=(1.0,))
    for found, passes in ((6, True), (4, False)):
        pixels = np.zeros((100, 1, 4, 4), np.float32)
        pixels[80 : 80 + found] = 1
        table = table_of(network, pixels, labels, tmp_path / str(found))
        if passes:
            assert check_accuracy(table, ("no", "yes"), network, given) == 0.86
            continue
        with pytest.raises(NetworkError, match=r"right for 84\.0 % .* 80\.0 % is chance"):
            check_accuracy(table, ("no", "yes"), network, given)
