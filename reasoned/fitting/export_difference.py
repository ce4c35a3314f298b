"""How far the exported graph is from the torch network that it was made from."""

import torch

from explainers.arrays import FloatArray
from reasoned.errors import NetworkError
from reasoned.inference import Network

MOST_DIFFERENCE = 1e-4
RELATIVE_DIFFERENCE = 1e-6


def export_difference(module: torch.nn.Module, network: Network, pixels: FloatArray) -> float:
    """Give the largest difference of a logit.

    Parameters
    ----------
    module
        In eval mode.
    network
        The graph that it was exported to.
    pixels
        Shape (images, channels, rows, columns). What to compare on.

    Raises
    ------
    NetworkError
        When it is more than 1e-4 (for large logits, a millionth of the largest).

    """
    with torch.no_grad():
        expected = module(torch.from_numpy(pixels))
    found = torch.from_numpy(network.run_many(pixels)["logits"])
    # The logits are tapped before a softmax that ends the network: compare behind it.
    readings = (found, found.softmax(1), found.log_softmax(1))
    difference = min(float((expected - reading).abs().max()) for reading in readings)
    # float32 has seven digits: logits of hundreds cannot be held to the fourth decimal.
    accepted = max(MOST_DIFFERENCE, RELATIVE_DIFFERENCE * float(expected.abs().max()))
    if not difference <= accepted:
        raise NetworkError(
            f"the exported graph differs from torch by {difference:.2g} in a logit, and at most "
            f"{accepted:.2g} is accepted; does the network use random or training-time layers?"
        )
    return difference
