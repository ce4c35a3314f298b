"""Maps on similar images: by hand, on a planted patch, and against chance."""

import numpy as np
import pytest

from explainers.representative.served.search import SearchSettings, normalised
from reasoned.evaluation.comparison import RANDOM, Entrant, Scene, compare, judge, weighted_maps
from reasoned.evaluation.image_polytope import Searching, paper_search
from reasoned.evaluation.masking import kept_pixels, upsampled
from reasoned.evaluation.peers import PEERS
from reasoned.evaluation.representative import search_modes
from reasoned.evaluation.unseen import nearest_by_map
from tests.reasoned.evaluation.cut_networks import patched_images

MODES = search_modes(50)


def test_a_map_by_hand() -> None:
    psi = np.array([[[[1.0, 2.0]], [[3.0, -1.0]]]], np.float32)

    found = weighted_maps(np.array([1.0, -0.5]), psi)

    np.testing.assert_array_equal(found, [[[0.0, 2.5]]])  # 1 - 1.5 is below zero
    own = weighted_maps(np.array([[0.0, 1.0], [1.0, 0.0]]), np.repeat(psi, 2, axis=0))
    np.testing.assert_array_equal(own, [[[3.0, 0.0]], [[1.0, 2.0]]])


@pytest.mark.parametrize(("position", "sign"), [(0, -1), (1, 1), (6, -1), (7, 1)])
def test_where_one_channel_decides_the_map_is_that_channel(
    patches: Searching, position: int, sign: int
) -> None:
    # Images without a patch come first, third, and so on: class 0 is the lack of light.
    polytope = patches.find(position, SearchSettings())
    others = np.arange(len(patches.unseen))

    heats = weighted_maps(polytope.weights, patches.unseen.psi[others])

    assert polytope.of_class == (sign > 0)
    assert polytope.weights[1] == 0
    for heat, psi in zip(heats, patches.unseen.psi, strict=True):
        expected = normalised(np.maximum(sign * psi[0].astype(np.float64), 0))
        np.testing.assert_allclose(normalised(heat), expected, atol=1e-9)


def test_the_map_finds_a_planted_patch_on_images_it_was_not_made_for(patches: Searching) -> None:
    polytope = patches.find(1, SearchSettings())
    _, patched, field = patched_images(40, np.random.default_rng(2))
    others = polytope.similar

    heats = weighted_maps(polytope.weights, patches.unseen.psi[others])

    assert len(others) == 19
    assert patched[others].all()
    for other, heat in zip(others, upsampled(heats, (20, 20)), strict=True):
        kept = kept_pixels(heat, 0.2)
        assert (kept & field[other]).sum() >= 0.8 * kept.sum()


def test_reused_weights_ask_nothing_of_the_other_image(patches: Searching) -> None:
    # Were a gradient taken there, an image without a patch would turn the sign.
    polytope = patches.find(1, SearchSettings())
    dark = patches.unseen.psi[[0]]

    found = weighted_maps(polytope.weights, dark)

    np.testing.assert_allclose(found[0], polytope.weights[0] * np.maximum(dark[0, 0], 0), rtol=1e-6)


def test_judging_counts_drop_increase_and_empty_maps(digits_scene: Scene) -> None:
    similar = np.array([2, 5, 9])
    of_class = int(digits_scene.unseen.predicted[2])
    heats = np.random.default_rng(0).random((3, 8, 8))
    heats[1] = 0.0

    found = judge(digits_scene, similar, heats, of_class)

    before = digits_scene.unseen.probabilities[similar, of_class]
    after = digits_scene.kept_scores(similar, heats, of_class)
    assert found.drop == pytest.approx(np.mean(np.maximum(0, before - after) / before))
    assert found.increase == np.mean(before < after)
    assert found.empty == 1 / 3


def test_a_score_is_asked_of_the_kept_pixels_alone(digits_scene: Scene) -> None:
    position = np.array([11])
    heats = np.zeros((1, 8, 8))
    heats[0, 2:4] = 1.0
    pixels = np.zeros((1, 1, 8, 8), np.float32)
    # 0.2 * 64 = 12.8: two rows of eight would be too many.
    pixels[0, 0, 2] = digits_scene.unseen.pixels[11, 0, 2]
    pixels[0, 0, 3, :5] = digits_scene.unseen.pixels[11, 0, 3, :5]

    found = digits_scene.kept_scores(position, heats, 4)

    np.testing.assert_array_equal(found, digits_scene.network.probabilities(pixels)[:, 4])


def test_every_method_is_judged_in_every_way(digits: Searching, digits_scene: Scene) -> None:
    polytopes = {mode: digits.find(0, settings) for mode, settings in MODES.items()}

    found = compare(digits_scene, polytopes)

    reused = {(name, "reused") for name in [*MODES, *PEERS]}
    anew = {(name, "own") for name in PEERS} | {(RANDOM, "none")}
    told = {(one.method, one.similar, one.weights) for one in found}
    assert told == {
        (name, similar, weights) for name, weights in reused | anew for similar in ("own", "shared")
    }
    # RI's own similar images are those that all share.
    own, shared = (Entrant("ri_paper", similar, "reused") for similar in ("own", "shared"))
    assert found[own] == found[shared]
    assert found == compare(digits_scene, polytopes)


def test_weights_of_the_explained_image_are_used_on_its_similar_ones(
    digits: Searching, digits_scene: Scene
) -> None:
    polytopes = {mode: digits.find(8, settings) for mode, settings in MODES.items()}
    served, label = polytopes["ri_served"], polytopes["ri_served"].of_class
    pixels, classes = np.array(digits.unseen.pixels[8:9]), np.array([label], np.int64)
    weights = {"ri_served": served.weights}
    weights["grad_cam"] = PEERS["grad_cam"](digits.network, pixels, classes)[0]
    near = nearest_by_map(digits.unseen, 8, 10)
    inside = polytopes["ri_paper"].similar[:10]

    found = compare(digits_scene, polytopes)

    for name, similar, chosen in (
        ("ri_served", "own", served.similar[:10]),
        ("grad_cam", "own", near),
        ("grad_cam", "shared", inside),
    ):
        maps = weighted_maps(weights[name], digits.unseen.psi[chosen])
        (told,) = (
            how
            for one, how in found.items()
            if (one.method, one.similar, one.weights) == (name, similar, "reused")
        )
        assert told == judge(digits_scene, chosen, maps, label)


def test_a_random_map_keeps_clearly_less_than_ri(digits: Searching, digits_scene: Scene) -> None:
    drops = []
    for position in range(0, 120, 4):
        polytope = digits.find(position, paper_search(50))
        similar = polytope.similar[:10]
        heats = weighted_maps(polytope.weights, digits.unseen.psi[similar])
        chance = np.random.default_rng(position).random(heats.shape)
        judged = [judge(digits_scene, similar, maps, polytope.of_class) for maps in (heats, chance)]
        drops.append([one.drop for one in judged])

    ours, random = np.array(drops).T
    apart = random - ours
    assert apart.mean() > 0.1
    assert apart.mean() > 3 * apart.std(ddof=1) / np.sqrt(len(apart))
