"""Progress bars on a terminal, silence elsewhere."""

import sys
from collections.abc import Iterable
from typing import TypeVar

from tqdm import tqdm

Item = TypeVar("Item")


def bar(items: Iterable[Item], label: str) -> Iterable[Item]:
    """Go through the items under a bar, if anybody is looking."""
    return tqdm(items, desc=label, disable=not sys.stderr.isatty(), leave=False, unit_scale=True)
