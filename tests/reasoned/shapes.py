"""Pictures of colourful shapes, for tests that need an image folder."""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

CLASSES = ("amber disc", "blue square", "teal cross")  # as sorted
_COLOURS = {
    "amber disc": (220, 150, 30),
    "blue square": (40, 60, 210),
    "teal cross": (20, 150, 140),
}


def draw(kind: str, rng: np.random.Generator) -> Image.Image:
    """Draw one shape, in a natural size of its own, over a noisy ground."""
    wide, high = (int(n) for n in rng.integers(16, 24, 2))
    ground = rng.integers(0, 90, (high, wide, 3)).astype(np.uint8)
    picture = Image.fromarray(ground)
    pen = ImageDraw.Draw(picture)
    shift = rng.integers(-25, 26, 3)
    red, green, blue = (int(n) for n in np.array(_COLOURS[kind]) + shift)
    box = (3, 3, wide - 4, high - 4)
    if kind == "amber disc":
        pen.ellipse(box, (red, green, blue))
    elif kind == "blue square":
        pen.rectangle(box, (red, green, blue))
    else:
        pen.line((3, high // 2, wide - 4, high // 2), (red, green, blue), 5)
        pen.line((wide // 2, 3, wide // 2, high - 4), (red, green, blue), 5)
    return picture


def write_shapes(root: Path, objects: int, seed: int) -> Path:
    """Write three views of each object, as ``CLASS/OBJECT_VIEW.png`` or ``.jpg``."""
    rng = np.random.default_rng(seed)
    for kind in CLASSES:
        (root / kind).mkdir(parents=True)
        for number in range(objects):
            for view in range(3):
                ending = "jpg" if view == 2 else "png"
                draw(kind, rng).save(root / kind / f"{number:03d}_{view}.{ending}")
    return root
