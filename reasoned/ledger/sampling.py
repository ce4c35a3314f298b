"""Which requests are recorded, where not all are."""

import hashlib
from typing import Final

_ALL: Final = 1 << 64


def is_sampled(request_id: str, share: float) -> bool:
    """Say whether a request belongs to an even sample of all.

    The same id gets the same answer everywhere and always, and what is in a small share is
    in every larger one.

    Parameters
    ----------
    request_id
        The reply's id.
    share
        Of all requests, in [0, 1].

    """
    if share >= 1.0:
        return True
    digest = hashlib.sha256(request_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * _ALL
