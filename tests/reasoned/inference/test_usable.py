import dataclasses

import numpy as np
import pytest

from explainers.activations import Activations
from explainers.arrays import FloatArray
from reasoned.errors import UnanswerableImageError
from reasoned.inference import check_usable


def seen(logits: list[float], hidden: float, affine: float | None = None) -> Activations:
    """One image's activations, of which one number each is set."""
    last: FloatArray | None = None if affine is None else np.array([affine], np.float32)
    return Activations(
        logits=np.array(logits, np.float32),
        hidden=np.array([1.0, hidden], np.float32),
        predicted=0,
        pixels=np.zeros((1, 1, 1), np.float32),
        affine_input=last,
    )


def test_finite_numbers_are_usable() -> None:
    check_usable(seen([1.0, -3e38], 1e14, 0.0), 2)
    check_usable(seen([0.0, 0.0], 0.0), 2)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf, 3e15])
def test_a_layer_that_is_not_finite_or_too_large_is_refused(odd: float) -> None:
    with pytest.raises(UnanswerableImageError, match="no finite numbers for this image; is it"):
        check_usable(seen([0.0, 0.0], odd), 2)
    with pytest.raises(UnanswerableImageError, match="no finite numbers for this image; is it"):
        check_usable(seen([0.0, 0.0], 0.0, odd), 2)
    before = dataclasses.replace(seen([0.0, 0.0], 0.0), boundary=np.array([odd], np.float32))
    with pytest.raises(UnanswerableImageError, match="no finite numbers for this image; is it"):
        check_usable(before, 2)


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_a_logit_that_is_not_finite_is_refused(odd: float) -> None:
    with pytest.raises(UnanswerableImageError, match="no finite numbers for this image; is it"):
        check_usable(seen([0.0, odd], 0.0), 2)


def test_other_logits_than_there_are_classes_are_refused() -> None:
    with pytest.raises(
        UnanswerableImageError, match=r"must give 3 logits for an image, not \(2,\)"
    ):
        check_usable(seen([0.0, 1.0], 0.0), 3)
