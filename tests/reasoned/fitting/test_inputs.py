"""What is given and what follows: preprocessing, and the tapped graph."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import torch

from explainers.arrays import FloatArray, IntArray
from explainers.fitting_contract import silent
from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.datasets.digits import open_digits
from reasoned.errors import NetworkError, OptionsError
from reasoned.fitting.inputs import build, settle_preprocessing
from reasoned.fitting.settings import FitSettings, InputSettings, NetworkSettings
from reasoned.network.exporting import export
from tests.reasoned.small_networks import perceptron

HERE = "tests.reasoned.small_networks"


def four_classes(shape: tuple[int, int, int] = (4, 4, 1)) -> ArrayDataset:
    rng = np.random.default_rng(0)
    return ArrayDataset(
        name="four",
        classes=("a", "b", "c", "d"),
        labels=np.arange(40, dtype=np.int64) % 4,
        official_test=np.zeros(40, np.bool_),
        groups=None,
        blocks=(rng.integers(0, 256, (40, *shape)).astype(np.uint8),),
    )


def asked(
    source: str, layer: str | None = None, inputs: InputSettings | None = None
) -> FitSettings:
    return FitSettings(
        dataset=four_classes(),
        spec="four",
        name="four",
        network=NetworkSettings(source=source, layer=layer),
        inputs=inputs or InputSettings(),
        threads=1,
    )


@pytest.fixture
def train() -> tuple[FloatArray, IntArray]:
    pixels = np.random.default_rng(1).normal(size=(40, 1, 4, 4)).astype(np.float32)
    return pixels, np.arange(40, dtype=np.int64) % 4


@pytest.fixture
def onnx_file(tmp_path: Path) -> Path:
    export(perceptron().eval(), "2", (1, 4, 4), tmp_path / "mine.onnx")
    return tmp_path / "mine.onnx"


def test_the_reference_takes_the_data_as_it_is_around_zero() -> None:
    found = settle_preprocessing(FitSettings(dataset=open_digits(), spec="digits", name="d"))

    assert (found.height, found.width, found.channels) == (8, 8, 1)
    assert (found.mean, found.std) == ((0.5,), (0.5,))


def test_an_own_network_takes_values_from_0_to_1_unless_told_otherwise() -> None:
    found = settle_preprocessing(asked("m:f"))
    assert (found.mean, found.std) == ((0.0,), (1.0,))

    told = InputSettings(size=(5, 6), channels=3, resize="pad", mean=(0.1, 0.2, 0.3), std=(0.5,))
    found = settle_preprocessing(asked("m:f", inputs=told))
    assert (found.height, found.width, found.channels, found.resize) == (5, 6, 3, "pad")
    assert (found.mean, found.std) == ((0.1, 0.2, 0.3), (0.5, 0.5, 0.5))


def test_pictures_of_natural_sizes_become_32_by_32() -> None:
    settings = dataclasses.replace(
        asked("reference"), dataset=four_classes((9, 7, 3)), spec="folder:photos"
    )
    found = settle_preprocessing(settings)

    assert (found.height, found.width, found.channels) == (32, 32, 3)


def test_a_graph_says_its_own_size(onnx_file: Path) -> None:
    found = settle_preprocessing(asked(str(onnx_file), "hidden"))
    assert (found.height, found.width, found.channels) == (4, 4, 1)

    words = r"takes 1 channels and 4x4 .* --channels 3 and --size None were given; leave them out"
    with pytest.raises(OptionsError, match=words):
        settle_preprocessing(asked(str(onnx_file), "hidden", InputSettings(channels=3)))
    with pytest.raises(OptionsError, match=r"--channels None and --size \(8, 8\) were given"):
        settle_preprocessing(asked(str(onnx_file), "hidden", InputSettings(size=(8, 8))))


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        (InputSettings(channels=4), "--channels must be 1 or 3, not 4"),
        (InputSettings(mean=(0.1, 0.2)), r"--mean, --std: .*one number per channel \(1\), not 2"),
        (InputSettings(channels=3, std=(0.5, 0.5)), r"one number per channel \(3\), not 2"),
        (InputSettings(std=(0.0,)), "std.*greater than 0"),
        (InputSettings(mean=(float("nan"),)), "mean.*finite number"),
        (InputSettings(size=(5000, 8)), "height.*less than or equal to 4096"),
    ],
)
def test_impossible_inputs_are_refused_as_options(inputs: InputSettings, words: str) -> None:
    with pytest.raises(OptionsError, match=words):
        settle_preprocessing(asked("reference", inputs=inputs))


@pytest.mark.parametrize("factory", ["perceptron", "with_softmax"])
def test_a_torch_network_is_exported_compared_and_tapped(
    tmp_path: Path, train: tuple[FloatArray, IntArray], factory: str
) -> None:
    torch.manual_seed(0)
    settings = asked(f"{HERE}:{factory}", "2")
    built = build(settings, settle_preprocessing(settings), train, tmp_path, silent)

    assert built.difference is not None
    assert built.difference <= 1e-4
    assert not built.trained_here
    assert built.tapped.head is not None
    assert [path.name for path in tmp_path.iterdir()] == ["network.onnx"]


def test_a_network_that_draws_at_random_is_refused(
    tmp_path: Path, train: tuple[FloatArray, IntArray]
) -> None:
    settings = asked(f"{HERE}:noisy", "flat")
    words = "differs from torch by .* at most 0.0001 is accepted; does the network use random"
    with pytest.raises(NetworkError, match=words):
        build(settings, settle_preprocessing(settings), train, tmp_path, silent)


def test_a_graph_is_taken_as_it_is(
    tmp_path: Path, train: tuple[FloatArray, IntArray], onnx_file: Path
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    settings = asked(str(onnx_file), "hidden")
    built = build(settings, settle_preprocessing(settings), train, folder, silent)

    assert built.difference is None
    assert not built.trained_here
    assert (built.tapped.units, built.tapped.classes) == (8, 4)


def test_own_networks_need_a_layer(
    tmp_path: Path, train: tuple[FloatArray, IntArray], onnx_file: Path
) -> None:
    for source in (f"{HERE}:perceptron", str(onnx_file)):
        settings = asked(source)
        words = "--layer is needed; `reasoned layers NETWORK` lists the layers"
        with pytest.raises(OptionsError, match=words):
            build(settings, settle_preprocessing(settings), train, tmp_path, silent)


def test_a_network_of_other_classes_is_refused(
    tmp_path: Path, train: tuple[FloatArray, IntArray], onnx_file: Path
) -> None:
    dataset = dataclasses.replace(four_classes(), classes=("a", "b", "c", "d", "e"))
    settings = dataclasses.replace(asked(str(onnx_file), "hidden"), dataset=dataset)
    words = "the network gives 4 classes, but the data has 5: a, b, c, d, e"
    with pytest.raises(NetworkError, match=words):
        build(settings, settle_preprocessing(settings), train, tmp_path, silent)


def test_a_boundary_layer_that_no_method_reads_is_refused(
    tmp_path: Path, train: tuple[FloatArray, IntArray], onnx_file: Path
) -> None:
    settings = asked(str(onnx_file), "hidden")
    network = dataclasses.replace(settings.network, boundary_layer="hidden")
    settings = dataclasses.replace(settings, network=network)
    words = "--boundary-layer is read by none of the methods meta_forest, additive; leave it out"
    with pytest.raises(OptionsError, match=words):
        build(settings, settle_preprocessing(settings), train, tmp_path, silent)
