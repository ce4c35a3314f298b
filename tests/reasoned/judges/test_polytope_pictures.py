"""Heat maps of polytopes: worked by hand, and searched on the digits."""

import numpy as np

from explainers.arrays import IntArray
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import enlarged
from reasoned.judges.polytope_pictures import (
    SearchedPolytopes,
    StoredPolytopes,
    polytope_pictures,
)
from reasoned.judges.subject import JudgeSubject
from tests.explainers.representative.served.worked import no_maps, worked
from tests.reasoned.judges.judged_networks import image


def test_the_deepest_polytope_of_the_class_is_drawn(small: JudgedNetwork) -> None:
    # At (1.25, 0.25) the square is the deepest of class 0, and its weights are 1 and -1; the
    # triangle is the one of class 1, with 0.5 and 2; class 2 has none.
    pixels = np.repeat(image(1.25, 0.25), 3, axis=0)
    found = StoredPolytopes(worked()).attribute(small, pixels, np.arange(3))
    small_maps = [[[1.25, 0], [0, 0]], [[0.625, 0], [0, 0.5]], [[0, 0], [0, 0]]]
    np.testing.assert_allclose(found, enlarged(np.array(small_maps), pixels), atol=1e-7)


def test_a_class_is_drawn_by_its_nearest_polytope_where_none_holds_the_image(
    small: JudgedNetwork,
) -> None:
    # (-9, 0) lies in the half-plane of class 0, whose weights are both -1: nothing is left.
    found = StoredPolytopes(worked()).attribute(small, image(-9.0, 0.0), np.array([0]))
    np.testing.assert_allclose(found, enlarged(np.array([[[9.0, 0], [0, 0]]]), image(0, 0)))


def test_searched_pictures_do_not_hang_on_their_company(digits_subject: JudgeSubject) -> None:
    method, network, pixels = searching(digits_subject), digits_subject.network, first(6)
    chosen = digits_subject.pixels[pixels]
    asked = np.zeros(6, np.int64)
    whole = method.attribute(network, chosen, asked)
    alone = np.concatenate(
        [method.attribute(network, chosen[i : i + 1], asked[:1]) for i in pixels]
    )
    # The searches are the same; the map is added up in another order.
    np.testing.assert_allclose(whole, alone, rtol=1e-3, atol=1e-4)
    np.testing.assert_array_equal(whole, method.attribute(network, chosen, asked + 3))
    assert (whole >= 0.0).all()
    assert whole.any()


def test_a_forgetful_network_is_searched_anew(digits_subject: JudgeSubject) -> None:
    method, chosen = searching(digits_subject), digits_subject.pixels[first(4)]
    asked = np.zeros(4, np.int64)
    own = method.attribute(digits_subject.network, chosen, asked)
    other = method.attribute(digits_subject.network.drawn_again(0), chosen, asked)
    assert not np.allclose(own, other)
    np.testing.assert_array_equal(own, method.attribute(digits_subject.network, chosen, asked))


def test_without_a_map_there_are_no_pictures() -> None:
    nothing = np.zeros((0, 1, 4, 4), np.float32)
    assert polytope_pictures(worked(**no_maps()), nothing) == []
    names = [method.name for method in polytope_pictures(worked(), nothing)]
    assert names == ["representative", "representative_searched"]


def searching(subject: JudgeSubject) -> SearchedPolytopes:
    return SearchedPolytopes(subject.train_pixels)


def first(count: int) -> IntArray:
    return np.arange(count)
