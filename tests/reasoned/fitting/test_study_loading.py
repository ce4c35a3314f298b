"""The tables of a study are those of the fit's own splits."""

import re
from pathlib import Path

import numpy as np
import pytest

from explainers.neighbours.served import Representatives
from reasoned.errors import DataError
from reasoned.fitting.study_loading import load_tables
from reasoned.model import ExplainedModel
from tests.reasoned.conftest import GROUPS, Fitted, Shapes


def test_the_splits_are_those_of_the_fit(shapes: Shapes, shapes_fitted: Fitted) -> None:
    found = load_tables(shapes_fitted.folder, f"folder:{shapes.data}", groups=GROUPS)
    manifest = ExplainedModel.load(shapes_fitted.folder).manifest

    counts = (manifest.data.train, manifest.data.validation, manifest.data.test)
    assert (len(found.train), len(found.validation), len(found.test)) == counts
    shown = Representatives.load(shapes_fitted.folder / "neighbours").rows
    assert set(shown.tolist()) <= set(found.train.rows.tolist())
    right = float((found.test.predicted == found.test.labels).mean())
    assert round(right, 6) == manifest.figures["accuracy"]


def test_the_untrained_copy_sees_the_same_images(digits_folder: Path) -> None:
    found = load_tables(digits_folder, "digits")

    np.testing.assert_array_equal(found.untrained.test.rows, found.test.rows)
    np.testing.assert_array_equal(found.untrained.test.pixels, found.test.pixels)
    right = (found.untrained.test.predicted == found.test.labels).mean()
    assert right < 0.5 < (found.test.predicted == found.test.labels).mean()


@pytest.mark.parametrize("groups", [None, r"^\d+_(\d)"])
def test_other_groups_than_the_fits_are_refused(
    shapes: Shapes, shapes_fitted: Fitted, groups: str | None
) -> None:
    # Else images that the fit saw would be judged on as if they were new.
    words = "was fitted on other splits .* give --groups as it was given to `reasoned fit`"
    with pytest.raises(DataError, match=f"{re.escape(str(shapes_fitted.folder))} {words}"):
        load_tables(shapes_fitted.folder, f"folder:{shapes.data}", groups=groups)


def test_other_images_are_refused(shapes_fitted: Fitted, shapes: Shapes) -> None:
    with pytest.raises(DataError, match="holds other images; give the data that the model was"):
        load_tables(shapes_fitted.folder, f"folder:{shapes.apart}", groups=GROUPS)
