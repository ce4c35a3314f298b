"""From what a user writes after --data to a data set."""

import difflib
from pathlib import Path

from reasoned.datasets.cifar10 import open_cifar10
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.digits import open_digits
from reasoned.datasets.folder import open_folder
from reasoned.datasets.idx import FASHION_MNIST, MNIST, open_idx
from reasoned.errors import DataError

_IDX = {source.name: source for source in (MNIST, FASHION_MNIST)}
_FOLDER = "folder:"
KNOWN = ("digits", "mnist", "fashion-mnist", "cifar10", "folder:PATH")


def open_dataset(
    spec: str,
    *,
    data_dir: Path | None = None,
    classes: tuple[str, ...] | None = None,
    groups: str | None = None,
) -> Dataset:
    r"""Open a data set by its name.

    Parameters
    ----------
    spec
        ``digits``, ``mnist``, ``fashion-mnist``, ``cifar10`` or ``folder:PATH``.
    data_dir
        Where the files of MNIST, Fashion-MNIST or CIFAR-10 lie; None looks in the usual
        places and downloads them.
    classes
        The class names in the order of the network's logits; None for the data's own.
    groups
        For a folder: a regular expression such as ``^(\d+)_``, searched for in the file
        names, whose group tells which images of a class show the same object.

    Raises
    ------
    DataError
        When there is no such data set, or it is not as it must be.

    """
    if groups is not None and not spec.startswith(_FOLDER):
        raise DataError(f"--groups goes by file names: only {_FOLDER}PATH has them, not {spec}")
    if data_dir is not None and not (spec in _IDX or spec == "cifar10"):
        raise DataError(f"--data-dir is for mnist, fashion-mnist and cifar10, not {spec}")
    if spec.startswith(_FOLDER) and spec != _FOLDER:
        path = Path(spec.removeprefix(_FOLDER)).expanduser()
        return open_folder(path, classes=classes, groups=groups)
    if spec in _IDX:
        return open_idx(_IDX[spec], data_dir=data_dir, classes=classes)
    if spec == "cifar10":
        return open_cifar10(data_dir=data_dir, classes=classes)
    if spec == "digits":
        return open_digits(classes)
    near = difflib.get_close_matches(spec.lower(), KNOWN, n=1)
    raise DataError(
        f"data must be one of {', '.join(KNOWN)}, not {spec!r}"
        + (f"; did you mean {near[0]}?" if near else "")
    )
