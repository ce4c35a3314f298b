"""Take withheld training images out of a reply that was made before."""

import functools

from reasoned.reply.mentions import Mentions


def redact(reply: bytes, withheld: frozenset[str]) -> bytes:
    """Take withheld ids out of a reply: its examples, contrast, evidence and sentences.

    A reply that mentions none of them stays as it is, byte for byte. Nothing takes the place
    of what is taken out: the reply was made without knowing of it.

    Parameters
    ----------
    reply
        The JSON of a `Reply`.
    withheld
        The ids of training images that must not appear.

    """
    return _mentions(withheld).without_bytes(reply) if withheld else reply


@functools.lru_cache(maxsize=4)
def _mentions(withheld: frozenset[str]) -> Mentions:
    return Mentions(withheld)
