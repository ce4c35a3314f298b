"""Fits of the digits' methods under several seeds."""

import json
from pathlib import Path

import numpy as np
import pytest

from explainers.fitting_contract import silent
from reasoned.errors import DataError, OptionsError
from reasoned.stability.figures import SeedFigures, SeedSettings
from reasoned.stability.own_data import OwnData
from reasoned.stability.refitting import Keeping, refit, seeded
from reasoned.stability.seeds import SeedRequest, seed_stability, spaced

METHODS = ("meta_forest", "representative", "additive")


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Keeping:
    return Keeping(tmp_path_factory.mktemp("kept"), "abc")


@pytest.fixture(scope="session")
def figures(digits_data: OwnData, kept: Keeping) -> SeedFigures:
    settings = SeedSettings(seeds=(0, 1), images=120)
    return seed_stability(digits_data, SeedRequest(METHODS, {}, settings, kept), silent)


def test_two_seeds_agree_a_good_deal_but_not_wholly(figures: SeedFigures) -> None:
    found = figures.methods[0]

    assert found.method == "meta_forest"
    assert found.same_class is not None
    assert 0.8 < found.same_class.mean <= 1.0
    assert 0.2 < found.rand_index.mean < 1.0
    assert found.clusters_jaccard is not None
    assert 0.1 < found.clusters_jaccard.mean < 1.0
    assert found.shared_steps is not None
    assert found.coverage.least == 1.0  # a tree leaves nothing out
    assert found.picture_correlation is None
    assert found.attribute_correlation is None


def test_examples_are_compared_too(figures: SeedFigures) -> None:
    assert 0.0 < figures.examples.overlap.mean < 1.0
    assert 0.0 < figures.examples.same_nearest.mean < 1.0


def test_a_method_that_refuses_is_left_out_with_its_reason(figures: SeedFigures) -> None:
    assert [one.method for one in figures.methods] == ["meta_forest"]
    assert list(figures.left_out) == ["representative"]
    assert "no tap `psi`" in figures.left_out["representative"]


def test_the_same_seed_twice_is_the_same_fit(digits_data: OwnData, kept: Keeping) -> None:
    settings = SeedSettings(seeds=(0, 0), images=60)

    found = seed_stability(digits_data, SeedRequest(("meta_forest",), {}, settings, kept), silent)

    for measured in ("same_class", "rand_index", "jaccard", "shared_steps", "clusters_jaccard"):
        assert getattr(found.methods[0], measured).least == pytest.approx(1.0), measured
    assert found.examples.overlap.least == 1.0


def test_a_fit_that_was_kept_is_taken(
    digits_data: OwnData, kept: Keeping, figures: SeedFigures
) -> None:
    assert figures.images == 120
    record = kept.folder / "meta_forest-1" / "fit.json"
    marked = json.loads(record.read_text()) | {"seconds": 1234.5}
    record.write_text(json.dumps(marked))

    (found,) = refit("meta_forest", digits_data.given, (1,), kept, silent)

    assert found.seconds == 1234.5
    assert found.method.regions()


def test_a_fit_of_another_model_is_done_again(digits_data: OwnData, tmp_path: Path) -> None:
    place = tmp_path / "meta_forest-1"
    place.mkdir()
    record = {"model": "old", "options": {}, "seconds": 1234.5}
    (place / "fit.json").write_text(json.dumps(record))

    (found,) = refit("meta_forest", digits_data.given, (1,), Keeping(tmp_path, "new"), silent)

    assert found.seconds < 1234.5
    assert json.loads((place / "fit.json").read_text())["model"] == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["meta_forest-1"]  # nothing beside it


@pytest.mark.parametrize("record", ["", "[]", "{}", '{"seconds": "long"}', '{"seconds": null}'])
def test_a_broken_record_is_named(digits_data: OwnData, tmp_path: Path, record: str) -> None:
    place = tmp_path / "meta_forest-1"
    place.mkdir()
    (place / "fit.json").write_text(record)

    with pytest.raises(DataError, match=r"fit\.json must be the record of a fit .*meta_forest-1$"):
        refit("meta_forest", digits_data.given, (1,), Keeping(tmp_path, "new"), silent)


def test_methods_without_a_seed_are_refused(digits_data: OwnData) -> None:
    assert seeded(("additive", "mixture", "meta_forest")) == ("meta_forest", "mixture")
    with pytest.raises(OptionsError, match="draws at random, and got additive"):
        seed_stability(digits_data, SeedRequest(("additive",)), silent)


def test_images_are_taken_from_the_whole_table(digits_data: OwnData) -> None:
    found = spaced(digits_data.test, 10)

    step = len(digits_data.test) // 10
    assert len(found) == 10
    assert np.array_equal(found.rows[:2], digits_data.test.rows[[0, len(digits_data.test) // 10]])
    np.testing.assert_array_equal(found.hidden[1], digits_data.test.hidden[step])
    np.testing.assert_array_equal(found.logits.argmax(axis=1), found.predicted)
