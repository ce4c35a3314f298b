"""Heat maps of several methods on the same unseen similar images, and what they keep."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray, check_shape
from reasoned.evaluation.cut_network import CutNetwork
from reasoned.evaluation.image_polytope import ImagePolytope
from reasoned.evaluation.masking import Masking, masked
from reasoned.evaluation.measures import average_drop, average_increase
from reasoned.evaluation.peers import PEERS
from reasoned.evaluation.unseen import UnseenImages, nearest_by_map

RANDOM = "random"
Choice = Literal["own", "shared"]
Weights = Literal["reused", "own", "none"]


@final
@dataclasses.dataclass(frozen=True)
class Entrant:
    """One method, in one way of using it.

    Attributes
    ----------
    method
        ``ri_paper``, ``ri_served``, a name of `PEERS` or ``random``.
    similar
        Whether it finds the similar images itself (``own``) or is judged on those that
        lie in the paper's polytope (``shared``).
    weights
        Whether channel weights found on the explained image are ``reused`` on the similar
        ones, found anew on each (``own``), or there are ``none``.

    """

    method: str
    similar: Choice
    weights: Weights


@final
@dataclasses.dataclass(frozen=True)
class Judged:
    """How one entrant did on the images similar to one explained image.

    Attributes
    ----------
    drop, increase
        AD and AI.
    empty
        The share of its maps that are zero everywhere, and keep the first pixels.

    """

    drop: float
    increase: float
    empty: float


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Scene:
    """Where methods are compared.

    Attributes
    ----------
    network, unseen
        The network and the test images.
    masking
        How much of an image is kept.
    similar
        How many similar images each method is judged on.
    seed
        Of the random maps.

    """

    network: CutNetwork
    unseen: UnseenImages
    masking: Masking
    similar: int
    seed: int

    def kept_scores(self, positions: IntArray, heats: DoubleArray, of_class: int) -> DoubleArray:
        """Give the class's probability on what the maps keep of each image; (images)."""
        unseen = self.unseen
        pixels = masked(unseen.pixels[positions], heats, self.masking, unseen.preprocessing)
        return self.network.probabilities(pixels)[:, of_class]


def weighted_maps(weights: DoubleArray, psi: FloatArray) -> DoubleArray:
    """Give ``ReLU(sum_k w_k psi_k)`` for each image.

    Parameters
    ----------
    weights
        Shape (channels), the same for all, or (images, channels).
    psi
        Shape (images, channels, rows, columns).

    Returns
    -------
    DoubleArray
        Shape (images, rows, columns).

    """
    whole = np.broadcast_to(weights, psi.shape[:2])
    check_shape("weights", whole, "images", "channels")
    found: DoubleArray = np.einsum("nc,ncrl->nrl", whole, psi.astype(np.float64))
    return np.maximum(found, 0.0)


def compare(scene: Scene, polytopes: Mapping[str, ImagePolytope]) -> dict[Entrant, Judged]:
    """Judge every method on the images similar to one explained image.

    Parameters
    ----------
    scene
        The network, the images and how they are masked.
    polytopes
        The polytopes of the explained image, by mode; ``ri_paper`` is one of them, and each
        has another image inside.

    """
    first = polytopes["ri_paper"]
    position, of_class = first.position, first.of_class
    reused = _weights_of(scene, polytopes)
    nearest = nearest_by_map(scene.unseen, position, scene.similar)
    found = {}
    for choice in ("own", "shared"):
        for entrant in _entrants(choice, reused):
            similar = nearest
            if choice == "shared" or entrant.method in polytopes:
                mode = "ri_paper" if choice == "shared" else entrant.method
                similar = polytopes[mode].similar[: scene.similar]
            heats = _heats(scene, entrant, similar, (position, of_class), reused)
            found[entrant] = judge(scene, similar, heats, of_class)
    return found


def judge(scene: Scene, similar: IntArray, heats: DoubleArray, of_class: int) -> Judged:
    """Measure what maps keep of a class's score.

    Parameters
    ----------
    scene
        The network, the images and how they are masked.
    similar
        Shape (similar). Positions of the images.
    heats
        Shape (similar, rows, columns). One map for each.
    of_class
        Whose score is read.

    """
    before = scene.unseen.probabilities[similar, of_class]
    after = scene.kept_scores(similar, heats, of_class)
    empty = float((heats.reshape(len(heats), -1).max(axis=1) <= 0).mean())
    return Judged(average_drop(before, after), average_increase(before, after), empty)


def _weights_of(scene: Scene, polytopes: Mapping[str, ImagePolytope]) -> dict[str, DoubleArray]:
    """Find the channel weights of every method that has some, on the explained image."""
    found = {mode: polytope.weights for mode, polytope in polytopes.items()}
    first = polytopes["ri_paper"]
    pixels = np.array(scene.unseen.pixels[first.position : first.position + 1])
    classes = np.array([first.of_class], np.int64)
    peers = {name: weigh(scene.network, pixels, classes)[0] for name, weigh in PEERS.items()}
    return found | peers


def _entrants(choice: Choice, methods: Sequence[str] | Mapping[str, object]) -> Iterator[Entrant]:
    for method in methods:
        yield Entrant(method, choice, "reused")
        if method in PEERS:
            yield Entrant(method, choice, "own")
    yield Entrant(RANDOM, choice, "none")


def _heats(
    scene: Scene,
    entrant: Entrant,
    similar: IntArray,
    explained: tuple[int, int],
    reused: Mapping[str, DoubleArray],
) -> DoubleArray:
    psi = scene.unseen.psi[similar]
    if entrant.weights == "none":
        rng = np.random.default_rng([scene.seed, explained[0], entrant.similar == "shared"])
        return rng.random((len(similar), *psi.shape[2:]))
    if entrant.weights == "reused":
        return weighted_maps(reused[entrant.method], psi)
    pixels = np.array(scene.unseen.pixels[similar])
    classes = np.full(len(similar), explained[1], np.int64)
    return weighted_maps(PEERS[entrant.method](scene.network, pixels, classes), psi)
