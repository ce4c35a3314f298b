"""The pieces of a page."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from reasoned.assessment.page_blocks import (
    PageSection,
    folded,
    gallery_jpeg,
    image_png,
    prose,
    table_of,
)
from reasoned.assessment.page_numbers import NOTHING, counted, images, percent, plain, promised


def test_text_is_escaped_and_backticks_are_code() -> None:
    assert prose("a < b & `c<d>`") == "a &lt; b &amp; <code>c&lt;d&gt;</code>"
    assert prose("one ` alone") == "one ` alone"


def test_a_line_never_begins_with_a_percent_sign() -> None:
    assert prose("95 % of them") == "95\u00a0% of them"


def test_a_column_of_figures_is_to_the_right_and_one_of_words_to_the_left() -> None:
    found = table_of(("what", "share"), [("2 cats", "1 %"), ("<b>", NOTHING)])

    assert "<th scope='col'>what</th><th scope='col' class='number'>share</th>" in found
    assert "<td>&lt;b&gt;</td><td class='number'>–</td>" in found  # noqa: RUF001  as shown


def test_a_table_without_rows_has_its_head() -> None:
    assert "<th scope='col'>what</th>" in table_of(("what",), [])


def test_a_caption_is_escaped() -> None:
    assert "<caption>a &amp; b</caption>" in table_of(("x",), [("1",)], "a & b")


def test_what_is_folded_needs_no_script() -> None:
    assert folded("<x>", "<p>y</p>") == "<details><summary>&lt;x&gt;</summary><p>y</p></details>"


def test_a_section_can_be_linked_to() -> None:
    found = PageSection("here", "Why & how", "Plain <text>.", ("<hr>",)).markup()

    assert found.startswith("<section id='here'><h2>Why &amp; how</h2>")
    assert "<p>Plain &lt;text&gt;.</p>\n<hr>\n</section>" in found


@pytest.mark.parametrize(
    ("shape", "size"), [((8, 8, 1), (84, 84)), ((100, 400, 3), (84, 21)), ((300, 2, 3), (1, 84))]
)
def test_pictures_are_of_one_size(shape: tuple[int, ...], size: tuple[int, int]) -> None:
    encoded = image_png(np.full(shape, 7, np.uint8))

    with Image.open(BytesIO(encoded)) as opened:
        assert opened.size == size
        assert opened.format == "PNG"
    assert encoded == image_png(np.full(shape, 7, np.uint8))


def test_pixels_of_small_images_stay_squares() -> None:
    image = np.zeros((2, 2, 1), np.uint8)
    image[0, 1] = 255

    with Image.open(BytesIO(image_png(image))) as opened:
        shown = np.asarray(opened)

    assert (shown[:42, 42:] == 255).all()
    assert shown.sum() == 255 * 42 * 42


def test_galleries_are_small() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (200, 1440, 3)).astype(np.uint8)
    encoded = BytesIO()
    Image.fromarray(pixels).save(encoded, "PNG")

    found = gallery_jpeg(encoded.getvalue())

    with Image.open(BytesIO(found)) as opened:
        assert opened.size == (720, 100)
        assert opened.format == "JPEG"


def test_numbers_read_plainly() -> None:
    assert percent(0.98765, 2) == "98.77 %"
    assert percent(None) == NOTHING
    # As in the sentence of a reply: nothing is promised that was not counted.
    assert (percent(0.9906), promised(0.9906), promised(0.99)) == ("99.1 %", "99.0 %", "99.0 %")
    assert promised(None) == NOTHING
    assert counted(0.5, 2000) == "50.0 % of 2,000"
    assert counted(None, 0) == NOTHING
    assert (plain(0.012345), plain(3000.4), plain(999.6), plain(None)) == (
        "0.0123",
        "3,000",
        "1,000",
        NOTHING,
    )
    assert (images(1), images(1200)) == ("1 image", "1,200 images")
