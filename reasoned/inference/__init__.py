"""One pass of the network, the same at fit time and at serve time."""

from reasoned.inference.session import Network, softmax
from reasoned.inference.usable import check_usable

__all__ = ["Network", "check_usable", "softmax"]
