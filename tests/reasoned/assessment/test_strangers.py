"""Images that are not of the model's kind."""

from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import ByteArray
from explainers.fitting_contract import silent
from reasoned.assessment.strangers import (
    Strangers,
    made_strangers,
    other_data,
    stranger_figures,
    usual_strangers,
)
from reasoned.errors import DataError
from reasoned.model import ExplainedModel


def test_made_strangers_have_the_size_of_the_images() -> None:
    images = [np.full((30, 40, 3), 10, np.uint8), np.zeros((50, 20, 1), np.uint8)]

    gaussian, uniform, inverted = made_strangers(images, 0)

    for group in (gaussian, uniform, inverted):
        assert [one.shape for one in group.images] == [(30, 40, 3), (50, 20, 1)]
        assert {one.dtype for one in group.images} == {np.dtype(np.uint8)}
    assert [int(one[0, 0, 0]) for one in inverted.images] == [245, 255]
    np.testing.assert_allclose(uniform.images[0].mean(), 127.5, atol=5)
    np.testing.assert_allclose(uniform.images[0].std(), 256 / 12**0.5, rtol=0.05)
    # Cut off at black and white, which is two deviations away.
    np.testing.assert_allclose(gaussian.images[0].std(), 61, rtol=0.1)


def test_the_seed_draws_them() -> None:
    images = [np.zeros((8, 8, 1), np.uint8)]
    first, again, other = (made_strangers(images, seed) for seed in (0, 0, 1))

    for place in (0, 1):
        assert first[place].images[0].tobytes() == again[place].images[0].tobytes()
        assert first[place].images[0].tobytes() != other[place].images[0].tobytes()


def test_other_data_is_chosen_by_the_seed() -> None:
    found, again, other = (other_data("digits", 5, seed) for seed in (0, 0, 1))

    assert (found.name, found.what, len(found.images)) == ("digits", "5 images of digits", 5)
    as_bytes = [[one.tobytes() for one in group.images] for group in (found, again, other)]
    assert as_bytes[0] == as_bytes[1] != as_bytes[2]
    assert len(other_data("digits", 10_000, 0).images) == 1797


def test_digits_are_no_strangers_to_digits() -> None:
    assert usual_strangers("mnist") == usual_strangers("digits") == ()
    assert usual_strangers("fashion-mnist") == usual_strangers("folder:./photos") == ("digits",)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("digit", "did you mean digits"),
        ("mnist=./nowhere", r"not 'mnist=./nowhere': there is no folder ./nowhere"),
        ("digits=.", "--data-dir is for mnist, fashion-mnist and cifar10, not digits"),
        ("folder:./a=b", "a=b"),
    ],
)
def test_what_cannot_be_opened_is_said(
    spec: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(DataError, match=words):
        other_data(spec, 5, 0)


def test_what_a_model_says_of_strangers(
    digits_model: ExplainedModel, noise: list[ByteArray], digits_images: list[ByteArray]
) -> None:
    parts = digits_model.explaining.parts
    strange = stranger_figures(parts, Strangers("noise", "drawn", noise), silent)
    own = stranger_figures(parts, Strangers("own", "digits", digits_images[:20]), silent)

    assert (strange.name, strange.what, strange.images) == ("noise", "drawn", 20)
    assert strange.not_supported >= strange.out_of_support
    assert strange.not_supported > own.not_supported
