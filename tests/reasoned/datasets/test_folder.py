import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reasoned.datasets.folder import open_folder
from reasoned.errors import DataError

MakeFolder = Callable[..., Path]


def test_one_folder_per_class(make_folder: MakeFolder) -> None:
    # Written in this order: each picture's red is its number.
    root = make_folder("dog/b.png", "cat/z.png", "cat/A.PNG", "dog/10.png", "dog/9.png")

    found = open_folder(root)

    assert found.files == ("cat/A.PNG", "cat/z.png", "dog/10.png", "dog/9.png", "dog/b.png")
    assert found.classes == ("cat", "dog")
    assert found.labels.tolist() == [0, 0, 1, 1, 1]
    assert not found.official_test.any()
    assert found.groups is None
    assert [int(found.image(row)[0, 0, 0]) for row in range(5)] == [2, 1, 3, 4, 0]
    assert found.example_id(4) == "image-000004"


def test_train_and_test_folders(make_folder: MakeFolder) -> None:
    root = make_folder("test/b/1.png", "train/b/1.png", "train/a/1.png", "train/b/2.png")

    found = open_folder(root)

    assert found.files == ("train/a/1.png", "train/b/1.png", "train/b/2.png", "test/b/1.png")
    assert found.labels.tolist() == [0, 1, 1, 1]
    assert found.official_test.tolist() == [False, False, False, True]
    assert [found.example_id(row) for row in (2, 3)] == ["train-000002", "test-000000"]


def test_a_class_may_be_called_train(make_folder: MakeFolder) -> None:
    assert open_folder(make_folder("train/1.png", "bus/1.png")).classes == ("bus", "train")


def test_formats_sizes_and_channels_may_differ(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    Image.new("L", (9, 4), 100).save(root / "a" / "2.JPEG")
    Image.new("RGB", (3, 8), (1, 2, 3)).save(root / "a" / "3.WebP", lossless=True)

    found = open_folder(root)

    assert [found.image(row).shape for row in range(4)] == [
        (5, 6, 3),
        (4, 9, 1),
        (8, 3, 3),
        (5, 6, 3),
    ]


def test_what_is_hidden_or_no_image_is_passed_over(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png", ".hidden/1.png", "a/.2.png")
    (root / "a" / "labels.csv").write_text("1;2")
    (root / "notes.txt").write_text("mine")

    assert open_folder(root).files == ("a/1.png", "b/1.png")


def test_the_classes_may_come_in_another_order(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png", "c/1.png")

    found = open_folder(root, classes=("c", "a", "b"))

    assert found.files == open_folder(root).files
    assert found.labels.tolist() == [1, 2, 0]
    assert found.checksum() != open_folder(root).checksum()
    with pytest.raises(DataError, match=r"--classes must name .+ there: 'd'; .+ named: 'c'$"):
        open_folder(root, classes=("a", "b", "d"))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("1.png",), r"images must hold one folder per class, at least two, not 0"),
        (("a/1.png",), r"images must hold one folder per class, at least two, not 1"),
        (
            ("train/a/1.png", "train/b/1.png", "test/a/1.png", "val/a/1.png"),
            r"holds train and test, and beside them val;",
        ),
        (
            ("train/a/1.png", "train/b/1.png", "test/c/1.png"),
            r"images/test holds classes that .+images/train does not: c$",
        ),
        (("a/1.png", "b/c/1.png"), r"b/c is a folder within a class"),
        (("a/1.png", "b/1.gif"), r"b/1.gif must be JPEG, PNG or WEBP; convert it"),
    ],
)
def test_another_layout_is_refused(
    make_folder: MakeFolder, names: tuple[str, ...], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        open_folder(make_folder(*names))


def test_an_empty_class_is_refused(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    (root / "c").mkdir()

    with pytest.raises(DataError, match="images/c holds no JPEG, PNG or WEBP file"):
        open_folder(root)


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none must be a folder .+ none is there"):
        open_folder(tmp_path / "none")


@pytest.mark.parametrize("content", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_an_unreadable_image_is_named_when_it_is_asked_for(
    make_folder: MakeFolder, content: bytes
) -> None:
    root = make_folder("a/1.png", "b/1.png")
    (root / "b" / "1.png").write_bytes(content)
    found = open_folder(root)

    assert found.image(0).shape == (5, 6, 3)
    with pytest.raises(DataError, match=rf"{root}/b/1.png cannot be used: image"):
        found.image(1)


def test_an_image_that_vanished_is_named(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    found = open_folder(root)
    (root / "b" / "1.png").unlink()

    with pytest.raises(DataError, match=r"b/1.png cannot be read"):
        found.image(1)
    with pytest.raises(DataError, match=r"b/1.png cannot be read"):
        found.checksum()


def test_the_checksum_sees_a_changed_byte_and_a_changed_name(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    first = open_folder(root).checksum()
    assert open_folder(root).checksum() == first

    (root / "b" / "1.png").rename(root / "b" / "2.png")
    second = open_folder(root).checksum()
    Image.new("RGB", (6, 5)).save(root / "b" / "2.png")

    assert len({first, second, open_folder(root).checksum()}) == 3


def test_groups_are_objects_of_a_class(make_folder: MakeFolder) -> None:
    found = open_folder(
        make_folder("a/1_1.png", "a/1_2.png", "a/2_1.png", "b/1_1.png"), groups=r"^(\d+)_"
    )

    assert found.groups is not None
    assert found.groups.tolist() == [0, 0, 1, 2]
    with pytest.raises(DataError, match=r"captures nothing in a/1_1.png"):
        open_folder(found.root, groups="(x)")


def test_an_object_in_train_and_test_is_refused(make_folder: MakeFolder) -> None:
    root = make_folder("train/a/1_1.png", "train/b/2_1.png", "test/a/3_1.png", "test/b/2_2.png")

    with pytest.raises(DataError, match=r"test/b/2_2.png shows an object that train shows too"):
        open_folder(root, groups=r"^(\d+)_")


def test_memory_stays_flat(make_folder: MakeFolder) -> None:
    names = [f"{label}/{number:02}.png" for label in "ab" for number in range(20)]
    root = make_folder(*names, size=(512, 512))
    decoded = 40 * 512 * 512 * 3
    tracemalloc.start()
    try:
        found = open_folder(root)
        total = sum(int(found.image(row)[0, 0, 0]) for row in range(len(found)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert total == sum(range(40))
    # Two images at a time, the one that goes and the one that comes, and some names.
    assert peak < decoded / 10


def test_names_beyond_ascii_and_beyond_urls_are_kept(make_folder: MakeFolder) -> None:
    found = open_folder(make_folder("Über 80/ä b#.png", "日本/1.png"))

    assert found.classes == ("Über 80", "日本")
    assert found.example_id(0) == "image-000000"
    np.testing.assert_array_equal(found.image(0)[0, 0], [0, 0, 9])


def test_a_pipe_is_refused_and_not_waited_for(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    os.mkfifo(root / "a" / "2.png")

    with pytest.raises(DataError, match=r"2\.png cannot be read: it is no file; remove it"):
        open_folder(root)


def test_a_class_whose_name_is_no_text_is_refused(make_folder: MakeFolder) -> None:
    root = make_folder("a/1.png", "b/1.png")
    (root / "a").rename(root / os.fsdecode(b"\xff"))

    with pytest.raises(DataError, match="whose name must be UTF-8; rename it"):
        open_folder(root)
