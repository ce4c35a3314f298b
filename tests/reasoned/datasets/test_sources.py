from collections.abc import Callable
from pathlib import Path

import pytest

from reasoned.datasets.sources import open_dataset
from reasoned.errors import DataError


def test_digits_are_bundled() -> None:
    assert open_dataset("digits").name == "digits"


def test_a_folder_takes_classes_and_groups(make_folder: Callable[..., Path]) -> None:
    root = make_folder("a/1_1.png", "a/1_2.png", "b/1_1.png")

    found = open_dataset(f"folder:{root}", classes=("b", "a"), groups=r"^(\d)_")

    assert found.classes == ("b", "a")
    assert found.labels.tolist() == [1, 1, 0]
    assert found.groups is not None
    assert found.groups.tolist() == [0, 0, 1]


def test_a_folder_may_lie_in_the_home(
    make_folder: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_folder("a/1.png", "b/1.png")
    monkeypatch.setenv("HOME", str(root.parent))

    assert len(open_dataset(f"folder:~/{root.name}")) == 2


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist", "cifar10"])
def test_published_sets_look_into_the_given_folder(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"--data-dir {tmp_path} must hold .+ without --data-dir"):
        open_dataset(name, data_dir=tmp_path)


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (
            "mnits",
            r"digits, mnist, .+, cifar10, folder:PATH, not 'mnits'; did you mean mnist\?",
        ),
        ("Fashion_MNIST", r"did you mean fashion-mnist\?"),
        ("cifar-10", r"did you mean cifar10\?"),
        ("folder:", r"did you mean folder:PATH\?"),
        ("imagenet21k", r"not 'imagenet21k'$"),
        ("", r"not ''$"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(spec: str, told: str) -> None:
    with pytest.raises(DataError, match=told):
        open_dataset(spec)


def test_settings_without_an_effect_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="--groups goes by file names: only folder:PATH"):
        open_dataset("mnist", groups="(.)")
    for spec in ("digits", f"folder:{tmp_path}"):
        with pytest.raises(DataError, match="--data-dir is for mnist, fashion-mnist and cifar10"):
            open_dataset(spec, data_dir=tmp_path)
