import dataclasses

import numpy as np
import pytest

from reasoned.datasets.array_dataset import ArrayDataset

PIXELS = np.random.default_rng(0).integers(0, 256, (5, 2, 3, 1), dtype=np.uint8)


def made(*blocks: slice) -> ArrayDataset:
    return ArrayDataset(
        name="made",
        classes=("a", "b"),
        labels=np.array([0, 1, 0, 1, 1]),
        official_test=np.zeros(5, np.bool_),
        groups=None,
        blocks=tuple(PIXELS[block] for block in blocks or (slice(5),)),
    )


@pytest.mark.parametrize(
    "blocks", [(slice(5),), (slice(2), slice(2, 5)), (slice(1), slice(1, 1), slice(1, 5))]
)
def test_rows_are_found_across_blocks(blocks: tuple[slice, ...]) -> None:
    found = made(*blocks)

    np.testing.assert_array_equal([found.image(row) for row in range(5)], PIXELS)


@pytest.mark.parametrize("row", [-1, 5])
def test_a_row_that_does_not_exist_is_refused(row: int) -> None:
    with pytest.raises(IndexError, match=f"row must be 0 to 4, not {row}"):
        made().image(row)


def test_images_and_labels_cannot_be_changed() -> None:
    found = made()

    with pytest.raises(ValueError, match="read-only"):
        found.image(0)[0, 0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        found.labels[0] = 1
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.name = "other"  # type: ignore[misc]  # frozen is the point


def test_the_checksum_tells_images_labels_and_classes_apart() -> None:
    one = made()
    others = [
        dataclasses.replace(one, classes=("b", "a")),
        dataclasses.replace(one, labels=np.array([1, 1, 0, 1, 1])),
        dataclasses.replace(one, blocks=(255 - PIXELS,)),
        dataclasses.replace(one, blocks=(PIXELS.reshape(5, 3, 2, 1),)),
        dataclasses.replace(one, official_test=np.arange(5) > 3),
    ]

    assert one.checksum() == made().checksum()
    assert len({one.checksum(), *(other.checksum() for other in others)}) == 6
    assert dataclasses.replace(one, name="other").checksum() == one.checksum()
