"""Psi and the decoder of a stored model as torch modules again, to be differentiated and run."""

import json
from typing import Final

import numpy as np
import torch
from pydantic import TypeAdapter, ValidationError
from torch import nn

from explainers.attributes.fitting.architecture import Architecture, Shape
from explainers.attributes.fitting.decoder import decoder
from explainers.attributes.fitting.interpreter import Psi
from explainers.attributes.served import Attributes
from explainers.errors import NotApplicableError
from reasoned.errors import FolderError

_ARCHITECTURE: Final = TypeAdapter(Architecture)
_CONVOLUTIONS: Final = ("first", "second")


def rebuilt_psi(stored: Attributes) -> Psi:
    """Make Psi as it was fitted, in eval mode and without gradients of its own.

    Raises
    ------
    FolderError
        When the stored arrays are not those of the stored architecture.

    """
    shapes: tuple[Shape, ...] = tuple((s[0], s[1], s[2]) for s in stored.shapes.tolist())
    arrays = {
        "attributes.weight": stored.attribute_weights,
        "attributes.bias": stored.attribute_bias,
    }
    for place, name in enumerate(_CONVOLUTIONS[: len(shapes)]):
        arrays[f"convolutions.{place}.weight"] = getattr(stored, f"{name}_weights")
        arrays[f"convolutions.{place}.bias"] = getattr(stored, f"{name}_bias")
    if len(shapes) > 1:
        arrays |= {"joining.weight": stored.joining_weights, "joining.bias": stored.joining_bias}
    made = architecture_of(stored)
    if (made.attributes, made.width) != (len(stored.attribute_bias), len(stored.first_bias)):
        raise FolderError(
            f"the stored Psi has {len(stored.attribute_bias)} attributes and "
            f"{len(stored.first_bias)} channels, but its stored architecture {made.attributes} "
            f"and {made.width}"
        )
    try:
        psi = Psi(shapes, made)
        psi.load_state_dict({name: torch.from_numpy(np.array(a)) for name, a in arrays.items()})
    except (RuntimeError, NotApplicableError) as error:
        raise FolderError(f"the stored Psi is not of its stored architecture: {error}") from error
    return psi.eval().requires_grad_(requires_grad=False)


def rebuilt_decoder(stored: Attributes, image: Shape) -> nn.Sequential | None:
    """Make the decoder for images of (channels, rows, columns); None where none is stored.

    Raises
    ------
    FolderError
        When its parameters are not as many as its architecture has.

    """
    flat = torch.from_numpy(np.array(stored.decoder_parameters))
    if not len(flat):
        return None
    # Counted before any of it is allocated.
    with torch.device("meta"):
        made = decoder(image, architecture_of(stored))
    size = sum(parameter.numel() for parameter in made.parameters())
    if size != len(flat):
        raise FolderError(
            f"the decoder must have {size} numbers for images of {image} (channels, rows, "
            f"columns), but {len(flat)} are stored"
        )
    made = decoder(image, architecture_of(stored))
    nn.utils.vector_to_parameters(flat, made.parameters())
    return made.eval().requires_grad_(requires_grad=False)


def architecture_of(stored: Attributes) -> Architecture:
    """Read the stored architecture.

    Raises
    ------
    FolderError
        When it is none.

    """
    try:
        return _ARCHITECTURE.validate_python(json.loads(stored.decoder_settings))
    except (ValueError, ValidationError) as error:
        raise FolderError(
            f"decoder_settings of the method attributes is no architecture: {error}"
        ) from error
