"""The same network, trained on labels that were dealt out at random."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Final, final

import numpy as np
import torch
from torch import nn

from explainers.arrays import FloatArray, IntArray
from reasoned.judges.network import JudgedNetwork
from reasoned.judges.settings import JudgeSettings

_BATCH: Final = 100
_RATE: Final = 1e-3


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Shuffled:
    """A network that cannot know the classes.

    Attributes
    ----------
    network
        Of the same graph.
    labels
        Shape (images). The labels that it was trained on.

    """

    network: JudgedNetwork
    labels: IntArray


def train_on_shuffled(
    own: JudgedNetwork,
    pixels: FloatArray,
    labels: IntArray,
    settings: JudgeSettings,
    progress: Callable[..., Iterable[int]],
) -> Shuffled:
    """Forget what a network has learned, and train it on shuffled labels.

    Parameters
    ----------
    own
        It is left as it is.
    pixels
        Shape (images, channels, rows, columns). Training images.
    labels
        Shape (images). Their true classes.
    settings
        The passes over them, and the seed.
    progress
        Shows the passes.

    References
    ----------
    Adebayo et al., Sanity checks for saliency maps, NeurIPS 2018, section 3.2. Departure: a
    few passes over some of the images, from the trained weights in another order.

    """
    rng = np.random.default_rng([settings.seed, 7])
    dealt = rng.permutation(labels).astype(np.int64)
    network = own.drawn_again(settings.seed + 1)
    weights = list(network.layers.buffers())
    for tensor in weights:
        tensor.requires_grad_()
    optimiser = torch.optim.Adam(weights, _RATE)
    for _ in progress(range(settings.shuffled_epochs), "training on shuffled labels"):
        order = rng.permutation(len(pixels))
        for start in range(0, len(pixels), _BATCH):
            rows = order[start : start + _BATCH]
            given = network(torch.from_numpy(np.array(pixels[rows])))
            loss = nn.functional.cross_entropy(given, torch.from_numpy(dealt[rows]))
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
            optimiser.step()
    for tensor in weights:
        tensor.detach_()
    return Shuffled(network, dealt)
