"""Thumbnails of training images, all in one safetensors file."""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from reasoned.errors import FolderError

FILE = "thumbnails.safetensors"
_PNG = b"\x89PNG\r\n\x1a\n"


def write_thumbnails(folder: Path, pictures: dict[str, bytes]) -> None:
    """Write PNG files by example id."""
    arrays = {key: np.frombuffer(pictures[key], dtype=np.uint8) for key in sorted(pictures)}
    (folder / FILE).write_bytes(save_arrays(arrays))


def read_thumbnails(folder: Path) -> dict[str, bytes]:
    """Read what `write_thumbnails` wrote; raise `FolderError` on anything else."""
    try:
        arrays = load_arrays((folder / FILE).read_bytes())
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise FolderError(f"{folder / FILE} is not a readable safetensors file: {error}") from error
    found = {key: array.tobytes() for key, array in arrays.items()}
    for key, data in found.items():
        if not data.startswith(_PNG):
            raise FolderError(f"{folder / FILE}: {key} is not a PNG file")
    return found
