"""MNIST and Fashion-MNIST: four IDX files each, found on this machine or downloaded."""

import dataclasses
from pathlib import Path
from typing import final

import numpy as np

from reasoned.datasets.array_dataset import ArrayDataset
from reasoned.datasets.cache_folder import cache_folder
from reasoned.datasets.class_order import class_positions
from reasoned.datasets.download import RemoteFile, download, open_compressed
from reasoned.datasets.idx_file import read_idx
from reasoned.errors import DataError

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class IdxSource:
    """A published data set in four IDX files.

    Attributes
    ----------
    name
        What it is called on the command line.
    classes
        The class names, in the order of the published labels.
    mirrors
        Addresses of folders that hold the four files compressed, with a slash at the end.
    sha256
        The digests of the four *uncompressed* files, in the order of `FILES`: compressed
        copies differ from mirror to mirror.
    folders
        Where the files may lie below a given folder, beside the folder itself.
    installed
        Folders of the system in which they may lie already.

    """

    name: str
    classes: tuple[str, ...]
    mirrors: tuple[str, ...]
    sha256: tuple[str, str, str, str]
    folders: tuple[str, ...] = ()
    installed: tuple[Path, ...] = ()


MNIST = IdxSource(
    name="mnist",
    classes=tuple("0123456789"),
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    sha256=(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    folders=("mnist", "MNIST/raw"),
)
FASHION_MNIST = IdxSource(
    name="fashion-mnist",
    classes=(
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ),
    mirrors=(
        "https://storage.googleapis.com/tensorflow/tf-keras-datasets/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    sha256=(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    folders=("fashion-mnist", "FashionMNIST/raw"),
    installed=(Path("/usr/share/datasets/fashion-mnist"),),
)


def open_idx(
    source: IdxSource, *, data_dir: Path | None = None, classes: tuple[str, ...] | None = None
) -> ArrayDataset:
    """Open a data set in IDX files.

    Parameters
    ----------
    source
        Which one.
    data_dir
        The only folder to look in; None looks where the system installs the files, then
        among earlier downloads, and then downloads them.
    classes
        Another order for the class names, or None for the published one.

    Raises
    ------
    DataError
        When a file is missing, damaged or not the published one.
    DownloadError
        When the files must be downloaded and cannot be.

    """
    names, positions = class_positions(source.name, source.classes, classes)
    paths = _given(source, data_dir) if data_dir is not None else _found_or_downloaded(source)
    train, train_labels, test, test_labels = (
        read_idx(path, 3 if "images" in file else 1, sha256=sha256)
        for path, file, sha256 in zip(paths, FILES, source.sha256, strict=True)
    )
    for images, labels, path in ((train, train_labels, paths[1]), (test, test_labels, paths[3])):
        if len(images) != len(labels) or labels.max(initial=0) >= len(names):
            raise DataError(
                f"{path} must hold {len(images)} labels below {len(names)}, not {len(labels)} "
                f"up to {labels.max(initial=0)}"
            )
    return ArrayDataset(
        name=source.name,
        classes=names,
        labels=positions[np.concatenate([train_labels, test_labels])],
        official_test=np.arange(len(train) + len(test)) >= len(train),
        groups=None,
        blocks=(train[..., np.newaxis], test[..., np.newaxis]),
    )


def _given(source: IdxSource, data_dir: Path) -> tuple[Path, ...]:
    for folder in (data_dir, *(data_dir / below for below in source.folders)):
        paths = _complete(folder)
        if paths:
            return paths
    missing = [name for name in FILES if _either(data_dir, name) is None]
    raise DataError(
        f"--data-dir {data_dir} must hold the files of {source.name}, compressed (.gz) or not, "
        f"but lacks {', '.join(missing)}; without --data-dir they are downloaded"
    )


def _found_or_downloaded(source: IdxSource) -> tuple[Path, ...]:
    cache = cache_folder() / source.name
    for folder in (*source.installed, cache):
        paths = _complete(folder)
        if paths:
            return paths
    return tuple(
        path
        if (path := cache / file).exists()
        else download(
            RemoteFile(
                tuple(f"{mirror}{file}.gz" for mirror in source.mirrors), sha256, open_compressed
            ),
            path,
        )
        for file, sha256 in zip(FILES, source.sha256, strict=True)
    )


def _complete(folder: Path) -> tuple[Path, ...] | None:
    paths = [path for name in FILES if (path := _either(folder, name)) is not None]
    return tuple(paths) if len(paths) == len(FILES) else None


def _either(folder: Path, name: str) -> Path | None:
    candidates = (folder / name, folder / f"{name}.gz")
    return next((path for path in candidates if path.is_file()), None)
