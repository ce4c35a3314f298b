"""Where detectors stand, as bytes: a header of JSON, then numbers."""

import struct
from typing import Annotated, Final, final

import numpy as np
from pydantic import Field, ValidationError

from explainers.arrays import DoubleArray, IntArray
from explainers.errors import ReasonedError
from reasoned.folder.manifest import Frozen

_MAGIC: Final = b"RDRIFT1\n"
_LENGTH: Final = struct.Struct("<I")
_NUMBER: Final = np.dtype("<f8")
_WHOLE = Annotated[int, Field(ge=0)]


class StateError(ReasonedError, ValueError):
    """The bytes are not the state of these detectors."""


@final
class Header(Frozen):
    """What a state belongs to, and how far it has come.

    Two states go on from each other only where all but the counts are the same. `started` has
    one number per family, and a last one where feedback is watched.
    """

    reference: str
    run_length: Annotated[int, Field(ge=1)]
    feedback: bool
    members: _WHOLE
    bets: _WHOLE
    counted: _WHOLE
    told: _WHOLE
    started: tuple[_WHOLE, ...]


def encode(header: Header, wealth: DoubleArray) -> bytes:
    """Write a state; `wealth` has shape (members, bets)."""
    said = header.model_dump_json().encode()
    return _MAGIC + _LENGTH.pack(len(said)) + said + wealth.astype(_NUMBER).tobytes()


def decode(data: bytes) -> tuple[Header, DoubleArray]:
    """Read a state.

    Raises
    ------
    StateError
        When the bytes are cut short, or are no state.

    """
    start = len(_MAGIC) + _LENGTH.size
    if data[: len(_MAGIC)] != _MAGIC or len(data) < start:
        raise StateError(f"wanted a state that begins with {_MAGIC!r}, not {data[:16]!r}")
    end = start + _LENGTH.unpack_from(data, len(_MAGIC))[0]
    try:
        header = Header.model_validate_json(data[start:end])
    except ValidationError as error:
        raise StateError(f"the header of a state is wrong: {error.errors()[0]['msg']}") from error
    wanted = header.members * header.bets * _NUMBER.itemsize
    if len(data) - end != wanted:
        raise StateError(
            f"wanted {wanted} bytes of numbers after the header, not {len(data) - end}"
        )
    flat = np.frombuffer(data, _NUMBER, offset=end).astype(np.float64)
    if not (np.isfinite(flat) & (flat >= 0.0)).all():
        raise StateError("the numbers of a state must be finite and not below 0")
    return header, flat.reshape(header.members, header.bets)


def whole(values: tuple[int, ...]) -> IntArray:
    """Make an array of counts."""
    return np.array(values, np.int64)
