"""Images that were seen before."""

from pathlib import Path

import numpy as np

from reasoned.fitting.distinct import distinct_images, share_images
from tests.reasoned.fitting.hand_made import averaging_network, table_of


def test_only_the_first_of_equal_images_is_distinct(tmp_path: Path) -> None:
    network = averaging_network(tmp_path, 1, np.ones((1, 2), np.float32), np.zeros(2, np.float32))
    values = [3.0, 1.0, 3.0, 2.0, 1.0, 3.0]
    pixels = np.stack([np.full((1, 4, 4), value, np.float32) for value in values])
    table = table_of(network, pixels, np.zeros(6, np.int64), tmp_path)

    assert distinct_images(table).tolist() == [True, True, False, True, False, False]


def test_one_equal_image_is_enough_to_share(tmp_path: Path) -> None:
    network = averaging_network(tmp_path, 1, np.ones((1, 2), np.float32), np.zeros(2, np.float32))
    tables = [
        table_of(
            network,
            np.stack([np.full((1, 4, 4), value, np.float32) for value in values]),
            np.zeros(len(values), np.int64),
            tmp_path / str(number),
        )
        for number, values in enumerate([(3.0, 1.0), (2.0, 1.0), (2.0, 4.0, 5.0)])
    ]

    found = [[share_images(one, other) for other in tables] for one in tables]

    assert found == [[True, True, False], [True, True, True], [False, True, True]]
