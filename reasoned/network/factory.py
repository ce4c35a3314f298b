"""A user's own torch network: a factory by its dotted name, weights by safetensors."""

import importlib
import os
import sys
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from reasoned.errors import NetworkError


def build_network(name: str, weights: Path | None) -> nn.Module:
    """Call ``package.module:factory`` and load its weights.

    Raises
    ------
    NetworkError
        When the name cannot be imported, is no factory of a torch module, or the weights
        do not fit it.

    """
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise NetworkError(
            f"--network must be 'reference', a .onnx file or package.module:factory, not {name!r}"
        )
    if os.getcwd() not in sys.path:  # noqa: PTH109  sys.path holds strings
        sys.path.insert(0, os.getcwd())  # noqa: PTH109  as python -m does
    try:
        factory = getattr(importlib.import_module(module_name), attribute)
    except (ImportError, AttributeError) as error:
        raise NetworkError(
            f"cannot import {attribute!r} from {module_name!r}: {error}; run where the package "
            "can be imported, or install it"
        ) from error
    try:
        network = factory()
    except Exception as error:  # a user's code may raise anything
        raise NetworkError(f"{name}() failed: {type(error).__name__}: {error}") from error
    if not isinstance(network, nn.Module):
        raise NetworkError(
            f"{name} must return a torch.nn.Module, but returned {type(network).__name__}"
        )
    if weights is not None:
        _load_weights(network, weights)
    return network.eval()


def _load_weights(network: nn.Module, weights: Path) -> None:
    if weights.suffix != ".safetensors":
        raise NetworkError(
            f"--weights must be a .safetensors file, not {weights.name}: other formats are "
            "pickles; convert once with safetensors.torch.save_file(network.state_dict(), ...)"
        )
    try:
        network.load_state_dict(load_file(weights), strict=True)
    except (OSError, SafetensorError) as error:
        raise NetworkError(f"{weights} is not a readable safetensors file: {error}") from error
    except RuntimeError as error:
        raise NetworkError(f"{weights} does not fit the network: {error}") from error
