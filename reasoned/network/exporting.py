"""A torch network as an ONNX graph with the layers that are read as further outputs."""

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, final

import onnx
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from reasoned.errors import NetworkError

OPTIONS = {
    "hidden": "--layer",
    "psi": "--boundary-layer",
    "intermediate": "--attribute-layers",
    "second_intermediate": "--attribute-layers",
}


@final
class Tapped(nn.Module):
    """A network that also returns what some of its layers put out."""

    def __init__(self, network: nn.Module, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.network = network
        self._kept: list[list[torch.Tensor]] = []
        self._hooks: list[RemovableHandle] = []
        for layer in layers:
            kept: list[torch.Tensor] = []
            self._hooks.append(layer.register_forward_hook(_keeper(kept)))
            self._kept.append(kept)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Give the logits and the layers' outputs, of a layer that runs twice the last."""
        for kept in self._kept:
            kept.clear()
        logits = self.network(image)
        return logits, *(kept.pop() for kept in self._kept)

    def release(self) -> None:
        """Leave the network as it was."""
        for hook in self._hooks:
            hook.remove()


def _keeper(kept: list[torch.Tensor]) -> Callable[[nn.Module, object, torch.Tensor], None]:
    def keep(_module: nn.Module, _inputs: object, output: torch.Tensor) -> None:
        kept.append(output)

    return keep


def find_layer(network: nn.Module, layer: str, option: str = "--layer") -> nn.Module:
    """Give a submodule by its dotted name, or raise `NetworkError` with those there are."""
    try:
        found = network.get_submodule(layer)
    except AttributeError:
        found = network
    if found is network:
        names = ", ".join(name for name, _ in network.named_modules() if name)
        raise NetworkError(f"{option} must be one of the network's modules, not {layer!r}: {names}")
    return found


def export(
    network: nn.Module,
    layer: str,
    shape: tuple[int, int, int],
    path: Path,
    more: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Write the network as ONNX, with an output for the logits and for every layer asked for.

    Parameters
    ----------
    network
        In eval mode.
    layer
        The dotted name of the explained module.
    shape
        (channels, rows, columns) of the input.
    path
        Where the file goes.
    more
        Further modules by the taps that read them, such as ``psi`` or ``intermediate``.

    Returns
    -------
    dict
        For ``hidden`` and each tap of `more` the output that holds it: a module that is asked
        for twice is written once.

    Raises
    ------
    NetworkError
        When the network does not run on that shape, or cannot be exported.

    """
    image = torch.zeros(2, *shape)
    wanted = {"hidden": layer, **(more or {})}
    modules = {tap: find_layer(network, name, OPTIONS[tap]) for tap, name in wanted.items()}
    values = {tap: _first_to_hold(module, modules) for tap, module in modules.items()}
    outputs = list(dict.fromkeys(values.values()))
    tapped = Tapped(network, [modules[name] for name in outputs]).eval()
    try:
        _try_out(tapped, image)
        with _quiet():
            program = torch.onnx.export(
                tapped,
                (image,),
                dynamo=True,
                external_data=False,
                dynamic_shapes=({0: torch.export.Dim("batch")},),
                input_names=["image"],
                output_names=["logits", *outputs],
                verbose=False,
            )
    finally:
        tapped.release()
    _save(program, path)
    return values


def _first_to_hold(module: nn.Module, modules: Mapping[str, nn.Module]) -> str:
    return next(tap for tap, other in modules.items() if other is module)


def _try_out(tapped: Tapped, image: torch.Tensor) -> None:
    try:
        with torch.no_grad():
            logits, *_ = tapped(image)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise NetworkError(
            f"the network does not run on images of {tuple(image.shape[1:])} (channels, rows, "
            f"columns): {error}; check --size and --channels, and that --layer is used in the "
            "forward pass (and --boundary-layer and --attribute-layers, where they are given)"
        ) from error
    if logits.ndim != 2:
        raise NetworkError(
            f"the network must give logits of shape (images, classes), not {tuple(logits.shape)}"
        )


def _save(program: Any, path: Path) -> None:  # noqa: ANN401  torch's ONNXProgram is private
    if program is None:
        raise NetworkError("torch could not export the network to ONNX")
    model = program.model_proto
    del model.metadata_props[:]
    for node in model.graph.node:
        # torch writes stack traces with local paths here: no part of the model.
        del node.metadata_props[:]
    onnx.save(model, path)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Hold back what torch's exporter says about itself."""
    logger = logging.getLogger("torch.onnx")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(before)
