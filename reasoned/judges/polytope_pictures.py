"""Heat maps of representative interpretations: of stored polytopes, and of searched ones."""

import dataclasses
import zlib
from typing import ClassVar, final

import numpy as np

from explainers.arrays import DoubleArray, FloatArray, IntArray
from explainers.fitting_contract import Upper
from explainers.representative.served.explainer import Representative
from explainers.representative.served.heat import facet_weights
from explainers.representative.served.one_image import SETTINGS
from explainers.representative.served.search import References, Seed, find_polytope, heat_map
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.pictures import Kind, PictureMethod, enlarged
from reasoned.network.upper import channel_map
from reasoned.network.upper_dense import dense_tail
from reasoned.network.upper_torch import torch_upper


@final
@dataclasses.dataclass(frozen=True, eq=False)
class StoredPolytopes(PictureMethod):
    """The heat map of the stored polytope of the class in which an image lies deepest.

    It is the picture of ``explain=full`` wherever a polytope of that class holds the image;
    where none does, the nearest one is drawn. A class without polytopes has a picture of 0.

    Attributes
    ----------
    stored
        The fitted method.

    """

    name: ClassVar[str] = "representative"
    kind: ClassVar[Kind] = "ours"
    signed: ClassVar[bool] = False
    stays: ClassVar[str] = "the polytopes and their channel weights stay; the map is read anew"

    stored: Representative

    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """See `PictureMethod`."""
        found = network.run(pixels, "boundary", "psi")
        depths = self.stored.polytopes.depths(found["boundary"])
        own = self.stored.polytope_classes[None, :] == classes[:, None]
        chosen = np.where(own, depths, -np.inf).argmax(axis=1)
        weights = self.stored.channel_weights[chosen] * own.any(axis=1)[:, None]
        heats = np.einsum("ic,icrs->irs", weights.astype(np.float64), found["psi"])
        return enlarged(np.maximum(heats, 0.0), pixels)


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Surroundings:
    """What every search on one network reads."""

    tail: Upper
    references: References
    channels: FloatArray | None


@final
@dataclasses.dataclass(frozen=True, eq=False)
class SearchedPolytopes(PictureMethod):
    """The heat map of a polytope searched for the image alone, as outside all stored ones.

    It is of the class that the network gives, whatever class is asked. Nothing is read from
    the fit: of a network with other parameters the references are run and the boundaries
    searched anew.

    Attributes
    ----------
    references
        Shape (images, channels, rows, columns). Training images that are counted.

    """

    name: ClassVar[str] = "representative_searched"
    kind: ClassVar[Kind] = "ours"
    signed: ClassVar[bool] = False
    of_any_class: ClassVar[bool] = False
    slow: ClassVar[bool] = True

    references: FloatArray
    _read: dict[int, _Surroundings] = dataclasses.field(
        default_factory=dict, init=False, repr=False
    )

    def attribute(
        self,
        network: JudgedNetwork,
        pixels: FloatArray,
        classes: IntArray,  # noqa: ARG002  a polytope is of the network's own class
    ) -> DoubleArray:
        """See `PictureMethod`."""
        around = self._surroundings(network)
        found = network.run(pixels, "boundary", "psi", "logits")
        drawn = [
            # The same image gets the same searches, whatever images come with it.
            _drawn(around, _of(found, i), zlib.crc32(np.ascontiguousarray(pixels[i]).tobytes()))
            for i in range(len(pixels))
        ]
        return enlarged(np.stack(drawn), pixels)

    def _surroundings(self, network: JudgedNetwork) -> _Surroundings:
        """Read the network once for as long as its parameters are the same."""
        key = network.fingerprint()
        if key not in self._read:
            above = network.above()
            found = network.run(self.references, "boundary", "logits")
            self._read.clear()
            self._read[key] = _Surroundings(
                tail=dense_tail(above) or torch_upper(above),
                references=References(found["boundary"], _named(found["logits"])),
                channels=channel_map(above),
            )
        return self._read[key]


def _of(found: dict[str, FloatArray], image: int) -> dict[str, FloatArray]:
    return {tap: array[image] for tap, array in found.items()}


def _drawn(around: _Surroundings, one: dict[str, FloatArray], number: int) -> DoubleArray:
    psi = one["psi"]
    seed = Seed(one["boundary"].astype(np.float64), int(one["logits"].argmax()))
    rng = np.random.default_rng([0, number])
    polytope = find_polytope(around.tail, around.references, seed, rng, SETTINGS)
    if polytope is None or not len(polytope.facets):
        return np.zeros(psi.shape[1:])
    return heat_map(facet_weights(polytope.facets, psi.shape, around.channels).mean(axis=0), psi)


def _named(logits: FloatArray) -> IntArray:
    found: IntArray = logits.argmax(axis=1).astype(np.int64)
    return found


def polytope_pictures(stored: Representative, references: FloatArray) -> list[PictureMethod]:
    """Give both, or none where the explained map is no map of more than one place.

    Parameters
    ----------
    stored
        The fitted method.
    references
        Shape (images, channels, rows, columns). Training images.

    """
    if not len(stored.channel_weights):
        return []
    return [StoredPolytopes(stored), SearchedPolytopes(references)]
