"""How images are perturbed where an explanation points: the plain and the amplified protocol."""

import dataclasses
from collections.abc import Callable
from typing import Final, Literal, final

import numpy as np
from scipy import special

from explainers.arrays import BoolArray, FloatArray, IntArray, check_shape

Test = Literal["removal", "insertion", "synthetic"]
Protocol = Literal["plain", "amplified"]
Logits = Callable[[FloatArray], FloatArray]
Pictures = dict[Test, FloatArray]

TESTS: Final[tuple[Test, ...]] = ("removal", "insertion", "synthetic")
DARK_MEAN, DARK_DEVIATION = 0.03, 0.01  # the noise of the authors' code
_REMOVED, _INSERTED, _KEPT = -0.5, 5.0, 3.0  # times the reference's pixels, in the same code
_NEVER: Final = np.iinfo(np.int64).max


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Scene:
    """Images that the network gives one class, and what they are mixed with.

    Every value is on the scale from 0 (a black pixel) to 1 (a white one).

    Attributes
    ----------
    images
        Shape (images, values). Flattened, channels first.
    others
        Shape (images, values). For each an image that the network gives another class.
    null
        Shape (values). What a removed value becomes.
    cells
        Shape (values). Which feature each value belongs to; values of a negative one belong
        to none.
    explained
        The class.

    """

    images: FloatArray
    others: FloatArray
    null: FloatArray
    cells: IntArray
    explained: int

    def __post_init__(self) -> None:
        images, values = self.images.shape
        check_shape("others", self.others, "images", "values", images=images, values=values)
        check_shape("null", self.null, "values", values=values)
        check_shape("cells", self.cells, "values", values=values)

    @property
    def features(self) -> int:
        """How many features the values form."""
        return int(self.cells.max()) + 1


def places_of(ranking: IntArray, features: int) -> IntArray:
    """Give the place of every feature in each image's ranking; (images, features).

    Parameters
    ----------
    ranking
        Shape (images, ranked). Features, the most important first; -1 where there are fewer.
    features
        How many there are. One that is not ranked comes after all sizes.

    """
    places = np.full((len(ranking), features), _NEVER, np.int64)
    rows, columns = np.nonzero(ranking >= 0)
    places[rows, ranking[rows, columns]] = columns
    return places


def first_values(places: IntArray, size: int, cells: IntArray) -> BoolArray:
    """Mark the values of each image's first features; (images, values)."""
    found: BoolArray = (places < size)[:, cells] & (cells >= 0)
    return found


def plain_pictures(
    scene: Scene, noise: FloatArray, places: IntArray, size: int, _logits_of: Logits
) -> Pictures:
    """Null, copy or keep an image's own first features, within the range of pixels.

    Parameters
    ----------
    scene
        The images.
    noise
        Shape (images, values). What stands for the rest where only the features are kept.
    places
        As `places_of` gives them.
    size
        How many features: m.

    """
    own = first_values(places, size, scene.cells)
    made: Pictures = {
        "removal": np.where(own, scene.null, scene.images),
        "insertion": np.where(own, scene.images, scene.others),
        "synthetic": np.where(own, scene.images, noise),
    }
    return {test: np.clip(pictures, 0.0, 1.0) for test, pictures in made.items()}


def amplified_pictures(
    scene: Scene, noise: FloatArray, places: IntArray, size: int, logits_of: Logits
) -> Pictures:
    """Do as the authors' code: one reference image's pixels for all, times -0.5, 5 or 3.

    The reference is the image with the largest probability of the class where only its own
    first features are kept. What comes out may leave the range of pixels. Arguments as for
    `plain_pictures`, and the network, which the reference is found by.
    """
    kept = np.where(first_values(places, size, scene.cells), scene.images, np.float32(0.0))
    chances = special.softmax(logits_of(kept).astype(np.float64), axis=1)
    best = int(chances[:, scene.explained].argmax())
    reference, own = scene.images[best], places[best : best + 1]
    marked = first_values(own, size, scene.cells)
    # Removal counts only features that the reference shows.
    shown = first_values(_shown_only(own, reference, scene), size, scene.cells)
    return {
        "removal": np.where(shown, np.float32(_REMOVED) * reference, scene.images),
        "insertion": np.where(marked, np.float32(_INSERTED) * reference, scene.others),
        "synthetic": np.where(marked, np.float32(_KEPT) * reference, noise),
    }


def _shown_only(places: IntArray, reference: FloatArray, scene: Scene) -> IntArray:
    visible = np.zeros(scene.features, np.bool_)
    visible[scene.cells[(reference != 0) & (scene.cells >= 0)]] = True
    order = np.argsort(places[0], kind="stable")
    ranked = order[visible[order] & (places[0, order] < _NEVER)]
    return places_of(ranked[None].astype(np.int64), scene.features)


def uniform_noise(shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Draw pixels uniformly from black to white."""
    return rng.random(shape, dtype=np.float32)


def dark_noise(shape: tuple[int, int], rng: np.random.Generator) -> FloatArray:
    """Draw nearly black pixels, as the authors' code does."""
    drawn: FloatArray = rng.normal(DARK_MEAN, DARK_DEVIATION, shape).astype(np.float32)
    return np.clip(drawn, 0.0, 1.0)


@final
@dataclasses.dataclass(frozen=True)
class Construction:
    """One protocol: how it perturbs, and what its noise is."""

    pictures: Callable[[Scene, FloatArray, IntArray, int, Logits], Pictures]
    noise: Callable[[tuple[int, int], np.random.Generator], FloatArray]


PROTOCOLS: Final[dict[Protocol, Construction]] = {
    "plain": Construction(plain_pictures, uniform_noise),
    "amplified": Construction(amplified_pictures, dark_noise),
}
