import dataclasses
from pathlib import Path

import numpy as np
import pytest

from explainers.arrays import BoolArray, DoubleArray
from explainers.fitting_contract import FittingData, silent
from explainers.representative.fitting.candidates import find_candidates
from explainers.representative.fitting.rule_set import most_telling
from explainers.representative.fitting.sizing import WIDE
from explainers.representative.served import Representative
from explainers.representative.served.search import References, SearchSettings
from tests.explainers.representative.fitting.small_networks import (
    boundary_of,
    fit,
    in_pentagon,
    pentagon,
    random_network,
)
from tests.explainers.representative.planted import boundaries_of


@pytest.fixture(scope="module")
def planted_pentagon() -> FittingData:
    return pentagon()


@pytest.fixture(scope="module")
def of_pentagon(planted_pentagon: FittingData) -> Representative:
    return fit(planted_pentagon)


def recounted(stored: Representative, points: DoubleArray) -> BoolArray:
    """Which points each polytope holds, shape (points, polytopes): facet by facet, in float64."""
    inside = np.ones((len(points), len(stored.references)), dtype=np.bool_)
    for polytope in range(inside.shape[1]):
        for facet in range(int(stored.starts[polytope]), int(stored.starts[polytope + 1])):
            values = points @ stored.normals[facet].astype(float) + float(stored.offsets[facet])
            inside[:, polytope] &= values > 0
    return inside


def saved(stored: Representative, folder: Path) -> dict[str, bytes]:
    stored.save(folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_planted_pentagon_is_one_polytope_and_the_island_another(
    planted_pentagon: FittingData, of_pentagon: Representative
) -> None:
    train = planted_pentagon.train
    wanted, island = in_pentagon(train), (train.predicted == 0) & ~in_pentagon(train)
    assert min(wanted.sum(), island.sum()) > 15

    inside = of_pentagon.polytopes.members(boundary_of(train))

    assert not of_pentagon.others.any()
    holding = (inside & wanted[:, None]).any(axis=0)
    places = np.flatnonzero(holding & (of_pentagon.polytope_classes == 0))
    assert len(places) == 1
    np.testing.assert_array_equal(inside[:, places[0]], wanted)
    assert of_pentagon.references[places[0]] == wanted.sum()
    assert not (inside[island][:, places]).any()


def test_what_is_inside_the_planted_shapes_is_named_rightly(
    planted_pentagon: FittingData, of_pentagon: Representative
) -> None:
    validation = planted_pentagon.validation
    named = [of_pentagon.explain(validation.one(place)).names for place in range(len(validation))]

    told = np.array([name is not None for name in named])
    agrees = np.array(named)[told] == validation.predicted[told]
    assert told.mean() >= 0.95
    assert agrees.mean() >= 0.99
    # The last point of either curve is what a reply does, image by image.
    assert of_pentagon.coverage[-1] == told.mean()
    assert of_pentagon.agreement[-1] == agrees.mean()
    assert agrees[in_pentagon(validation)[told]].all()


def test_counts_are_those_that_are_made_again(network: FittingData, fitted: Representative) -> None:
    inside = recounted(fitted, boundary_of(network.train).astype(np.float64))

    wrong = network.train.predicted[:, None] != fitted.polytope_classes[None]
    np.testing.assert_array_equal(fitted.references, inside.sum(axis=0))
    np.testing.assert_array_equal(fitted.others, (inside & wrong).sum(axis=0))
    assert (fitted.references > 1).any()


def test_a_facet_s_margin_is_the_network_s_own_difference_of_logits_where_its_piece_is(
    network: FittingData, fitted: Representative
) -> None:
    points = boundary_of(network.train).astype(np.float64)
    assert network.upper is not None
    logits = network.upper.logits(points)
    own = np.repeat(fitted.polytope_classes, np.diff(fitted.starts))
    differences = logits[:, own] - logits[:, fitted.guarded]  # (images, facets)

    margins = (points @ fitted.normals.astype(np.float64).T + fitted.offsets) * fitted.norms

    assert (own != fitted.guarded).all()
    # Most pieces hold a training image. Stored in float32; chance alone brings few so near.
    nearest = np.abs(margins - differences).min(axis=0)
    assert (nearest < 2e-5).mean() > 0.6
    mirrored = np.abs(margins + differences).min(axis=0)
    assert (mirrored < 2e-5).mean() < 0.05


def test_the_same_draws_give_the_same_files_and_others_others(
    network: FittingData, fitted: Representative, tmp_path: Path
) -> None:
    first = saved(fitted, tmp_path / "first")

    assert saved(fit(network), tmp_path / "again") == first
    assert saved(fit(network, seed=1), tmp_path / "other") != first


def test_labels_are_never_looked_at(
    network: FittingData, fitted: Representative, tmp_path: Path
) -> None:
    relabelled = dataclasses.replace(
        network,
        train=dataclasses.replace(network.train, labels=network.train.labels[::-1].copy()),
        validation=dataclasses.replace(network.validation, labels=np.zeros(400, dtype=np.int64)),
    )

    assert saved(fit(relabelled), tmp_path / "re") == saved(fitted, tmp_path / "first")


def test_memory_maps_are_read_alike(
    network: FittingData, fitted: Representative, tmp_path: Path
) -> None:
    parts = {}
    for name in ("train", "validation"):
        split = getattr(network, name)
        np.save(tmp_path / f"{name}.npy", split.boundary)
        boundary = np.load(tmp_path / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        parts[name] = dataclasses.replace(split, boundary=boundary)

    mapped = fit(dataclasses.replace(network, **parts))

    assert saved(mapped, tmp_path / "mapped") == saved(fitted, tmp_path / "first")


def test_validation_images_alone_fix_how_many_are_kept(planted_pentagon: FittingData) -> None:
    validation = planted_pentagon.validation
    wanted = in_pentagon(validation)
    only = dataclasses.replace(
        validation,
        **{
            field.name: getattr(validation, field.name)[wanted]
            for field in dataclasses.fields(validation)
            if getattr(validation, field.name) is not None
        },
    )

    stored = fit(dataclasses.replace(planted_pentagon, validation=only))

    # They lie in one polytope: those up to the pentagon's are kept, and it is the last.
    assert stored.coverage.tolist() == [0.0] * (len(stored.coverage) - 1) + [1.0]
    assert stored.polytope_classes[-1] == 0
    assert stored.polytopes.members(boundary_of(validation)[wanted])[:, -1].all()
    assert len(stored.coverage) < len(fit(planted_pentagon).coverage)


def test_it_keeps_the_fewest_that_cover_validation_widely(
    network: FittingData, fitted: Representative
) -> None:
    inside = recounted(fitted, boundary_of(network.validation).astype(np.float64))

    covered = np.logical_or.accumulate(inside, axis=1).mean(axis=0)
    assert (covered[:-1] < WIDE).all()
    # Each adds the most: what is added to the references never grows.
    train = recounted(fitted, boundary_of(network.train).astype(np.float64))
    gains = np.diff(np.logical_or.accumulate(train, axis=1).sum(axis=0), prepend=0)
    assert (np.diff(gains) <= 0).all()
    assert (gains > 0).all()


def test_a_class_that_validation_images_have_no_use_for_has_a_polytope_too(
    planted_pentagon: FittingData, of_pentagon: Representative
) -> None:
    validation = planted_pentagon.validation
    # The first polytope is of class 1 and holds all of these.
    first = of_pentagon.polytopes.members(boundary_of(validation))[:, 0]
    only = dataclasses.replace(
        validation,
        **{
            field.name: getattr(validation, field.name)[first]
            for field in dataclasses.fields(validation)
            if getattr(validation, field.name) is not None
        },
    )

    stored = fit(dataclasses.replace(planted_pentagon, validation=only))

    assert stored.polytope_classes.tolist() == [1, 0]
    assert stored.class_coverage.tolist() == [0.0, stored.coverage[-1]]
    # The larger of the two that are of class 0 is the pentagon's.
    pentagons = in_pentagon(planted_pentagon.train)
    assert stored.references[1] == pentagons.sum()


@pytest.mark.parametrize("count", [1, 3])
def test_no_more_polytopes_are_kept_than_may_be(network: FittingData, count: int) -> None:
    kept = fit(network, polytopes=str(count))

    assert len(kept.references) == len(kept.regions()) == len(kept.coverage) == count


def test_no_more_seeds_are_tried_than_may_be(network: FittingData) -> None:
    assert len(fit(network, seeds="2").references) == 2


def test_a_head_of_one_piece_has_one_polytope_for_each_class() -> None:
    data = random_network(3, slope=1.0)
    present = np.unique(data.train.predicted)

    stored = fit(data)

    assert sorted(stored.polytope_classes.tolist()) == present.tolist()
    inside = stored.polytopes.members(boundary_of(data.train))
    np.testing.assert_array_equal(
        inside, data.train.predicted[:, None] == stored.polytope_classes[None]
    )
    assert stored.agreement[-1] >= 0.99
    assert (np.diff(stored.starts) < len(data.classes)).all()


def test_the_paper_s_mode_is_fifty_boundaries_and_none_dropped(network: FittingData) -> None:
    stored = fit(network, mode="paper")

    searching = np.random.default_rng(0).spawn(3)[0]
    references = References(boundary_of(network.train), network.train.predicted)
    assert network.upper is not None
    found = find_candidates(
        network.upper, references, SearchSettings.paper(), 600, searching, silent
    )
    facets = {
        frozenset(
            (part.normals / np.linalg.norm(part.normals, axis=1, keepdims=True))
            .astype(np.float32)[place]
            .tobytes()
            for place in range(len(part))
        )
        for part in (one.found.facets for one in found)
    }
    for polytope in range(len(stored.references)):
        normals = stored.normals[stored.polytopes.facets(polytope)]
        assert frozenset(normal.tobytes() for normal in normals) in facets
    assert all(one.found.drawn - one.found.failed <= 50 for one in found)
    assert all(one.found.chosen == len(one.found.facets) for one in found)
    # That leaves images of another class inside, which the default does not.
    assert stored.others.any()
    assert not fit(network).others.any()


@pytest.mark.parametrize("mode", ["greedy", "exact"])
def test_every_mode_fits(network: FittingData, mode: str) -> None:
    stored = fit(network, mode=mode, boundaries="60", seeds="8")

    assert not stored.others.any()
    assert len(stored.references) <= 8


def test_facets_that_cut_off_the_most_come_first() -> None:
    # x > 0 cuts off three of six points, y > 0 the same and one more, x + y < 3 one.
    points = np.array([[-1, -1], [-2, -1], [-1, -2], [1, -1], [2, 2], [1, 1]], dtype=np.float64)
    facets = boundaries_of(np.array([[1.0, 0], [-1, -1], [0, 1]]), np.array([0.0, 3, 0]))

    # After y > 0 there is nothing left for x > 0 to cut off, but one point for the other.
    assert most_telling(facets, points).tolist() == [2, 1, 0]
