"""What a pass of the network left behind, as bytes to be kept: safetensors, no pickle."""

import dataclasses
import math
from typing import Final

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from explainers.activations import Activations
from explainers.arrays import AnyArray, ByteArray
from explainers.errors import ArtefactError
from explainers.evidence import Evidence
from reasoned.explaining import Parts

SCHEMA: Final = 1
_HEAD: Final = "heads."
# How many axes each array may have.
_AXES: Final = {
    "logits": (1,),
    "hidden": (1,),
    "pixels": (3,),
    "convolution": (3,),
    "affine_input": (1,),
    "psi": (1, 3),
    "boundary": (1,),
    "intermediate": (1, 3),
    "second_intermediate": (1, 3),
}
_ALWAYS: Final = frozenset({"schema", "logits", "hidden"})


def pack_activations(activations: Activations, *, pixels: bool) -> bytes:
    """Write everything that an explanation is made from.

    Where the head reads the explained layer, an empty ``affine_input`` says so.

    Parameters
    ----------
    activations
        Of one image.
    pixels
        Whether to keep the network's input too, from which the image can be seen; see
        `reads_pixels`. Where the graph gave no numbers of heads it is kept in any case.

    """
    left_out = "" if pixels or not activations.heads else "pixels"
    found: dict[str, AnyArray] = {"schema": np.array(SCHEMA, np.int64)}
    for name in _AXES:
        array = getattr(activations, name)
        if array is not None and name != left_out:
            found[name] = np.ascontiguousarray(array)
    if activations.affine_input is activations.hidden:
        found["affine_input"] = np.empty(0, np.float32)
    for name, numbers in activations.heads.items():
        found[_HEAD + name] = np.array(numbers, np.float32)  # which the graph gave them as
    data: bytes = save(found)
    return data


def unpack_activations(data: bytes) -> Activations:
    """Read what `pack_activations` wrote; without pixels the input has the shape (0, 0, 0).

    Raises
    ------
    ArtefactError
        Saying what the bytes hold that does not belong there.

    """
    found = _arrays(data)
    heads = {
        name.removeprefix(_HEAD): found.pop(name).tolist()
        for name in sorted(found)
        if name.startswith(_HEAD)
    }
    if unknown := set(found) - set(_AXES):
        raise ArtefactError(f"activations hold {min(unknown)[:80]!r}, which this release does not")
    for name, array in found.items():
        if array.ndim not in _AXES[name]:
            raise ArtefactError(f"activations: {name} must not have the shape {array.shape}")
    affine = found.get("affine_input")
    if affine is not None and not affine.size:
        found["affine_input"] = found["hidden"]
    if not found["logits"].size:
        raise ArtefactError("activations: there must be one logit or more")
    return Activations(
        **{"pixels": np.empty((0, 0, 0), np.float32), **found},
        predicted=int(found["logits"].argmax()),
        heads=heads,
    )


def _arrays(data: bytes) -> dict[str, AnyArray]:
    try:
        found = dict(load(data))
    except (SafetensorError, KeyError, ValueError) as error:
        raise ArtefactError(f"activations are not readable safetensors: {error}") from error
    if missing := _ALWAYS - set(found):
        raise ArtefactError(f"activations have no {min(missing)}")
    schema = found.pop("schema")
    if schema.dtype != np.int64 or schema.shape or int(schema) != SCHEMA:
        raise ArtefactError(f"activations have schema {schema}, but this release reads {SCHEMA}")
    for name, array in found.items():
        if array.dtype != np.float32 or not math.isfinite(float(array.sum(dtype=np.float64))):
            raise ArtefactError(f"activations: {name[:80]} must hold finite float32 numbers")
    return found


def reads_pixels(parts: Parts) -> bool:
    """Tell whether answers of this model are made from the network's input, too.

    Found by trying: an image is explained with and without it.
    """
    wanted = parts.preprocessing
    shades = np.arange(wanted.height * wanted.width).astype(np.uint8)
    image: ByteArray = shades.reshape(wanted.height, wanted.width, 1)
    found = parts.network.run(wanted.apply(image), whole=True)
    blind = dataclasses.replace(found, pixels=np.empty((0, 0, 0), np.float32))
    try:
        return _told(parts, found) != _told(parts, blind)
    except Exception:  # noqa: BLE001  numpy raises classes of its own for arrays without numbers
        return True


def _told(parts: Parts, activations: Activations) -> tuple[bool, list[Evidence]]:
    nearest = parts.representatives.find(activations, 1).distances[0]
    methods = parts.explainers.values()
    evidence = [one.explain(activations) for one in methods]
    evidence += [one.explain_in_full(activations, lambda: True) for one in methods]
    return parts.support.judge(activations, nearest).outside, evidence
