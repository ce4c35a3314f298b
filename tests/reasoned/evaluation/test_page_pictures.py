"""The network's input as a picture again, and maps laid over it."""

import base64
from io import BytesIO

import numpy as np
from PIL import Image

from reasoned.evaluation.comparison import Scene
from reasoned.evaluation.image_polytope import Searching, paper_search
from reasoned.evaluation.page_pictures import as_picture, overlaid, shown_examples
from reasoned.images.preprocessing import Preprocessing

COLOUR = Preprocessing(height=3, width=4, channels=3, mean=(0.5, 0.4, 0.3), std=(0.2, 0.3, 0.4))


def test_a_picture_comes_back_as_it_was() -> None:
    image = np.random.default_rng(0).integers(0, 256, (3, 4, 3)).astype(np.uint8)

    np.testing.assert_array_equal(as_picture(COLOUR.apply(image), COLOUR), image)


def test_a_grey_picture_has_three_equal_channels(digits: Searching) -> None:
    found = as_picture(digits.unseen.pixels[0], digits.unseen.preprocessing)

    assert found.shape == (8, 8, 3)
    assert found.dtype == np.uint8
    np.testing.assert_array_equal(found[:, :, 0], found[:, :, 2])


def test_the_map_is_brightest_where_it_is_largest() -> None:
    heat = np.zeros((2, 2))
    heat[1, 1] = 3.0

    found = overlaid(np.zeros((8, 8, 3), np.uint8), heat).sum(axis=2)

    assert found[7, 7] == found.max()
    assert found[0, 0] == found.min() < found.max()
    np.testing.assert_array_equal(
        overlaid(np.zeros((8, 8, 3), np.uint8), np.zeros((2, 2))).std(axis=(0, 1)), 0
    )


def test_rows_start_with_the_explained_image(digits: Searching, digits_scene: Scene) -> None:
    polytopes = [{"ri_paper": digits.find(i, paper_search(50))} for i in range(6)]

    found = shown_examples(digits_scene, polytopes, tuple("0123456789"))

    of_class = polytopes[0]["ri_paper"].of_class
    assert found[0].title == f"{of_class}: RI as in the paper"
    assert [len(row.images) for row in found] == [5] * 6
    assert len({row.title for row in found}) == 6
    first = found[0].images[0]
    assert first.before == digits.unseen.probabilities[0, of_class]
    assert found[1].images[0].plain == first.plain
    picture = Image.open(BytesIO(base64.b64decode(first.overlay.partition(",")[2])))
    assert picture.size == (112, 112)
