"""A torch network as an ONNX graph with the explained layer as a second output."""

import contextlib
import io
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, final

import onnx
import torch
from torch import nn
from torch.utils.hooks import RemovableHandle

from reasoned.errors import NetworkError


@final
class Tapped(nn.Module):
    """A network that also returns what some of its layers put out."""

    def __init__(self, network: nn.Module, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.network = network
        self._takes: list[Callable[[], torch.Tensor]] = []
        self._hooks: list[RemovableHandle] = []
        for layer in layers:
            kept: list[torch.Tensor] = []
            self._hooks.append(layer.register_forward_hook(_keeper(kept)))
            self._takes.append(kept.pop)

    def forward(self, image: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Give the logits and the layers' outputs."""
        logits = self.network(image)
        return logits, *(take() for take in self._takes)

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
    psi: str | None = None,
) -> None:
    """Write the network as ONNX, with outputs ``logits``, ``hidden`` and, if asked, ``psi``.

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
    psi
        The dotted name of the module whose boundaries are explained, or None.

    Raises
    ------
    NetworkError
        When the network does not run on that shape, or cannot be exported.

    """
    image = torch.zeros(2, *shape)
    layers = {"hidden": find_layer(network, layer)}
    if psi is not None:
        layers["psi"] = find_layer(network, psi, "--boundary-layer")
    tapped = Tapped(network, list(layers.values())).eval()
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
                output_names=["logits", *layers],
                verbose=False,
            )
    finally:
        tapped.release()
    _save(program, path)


def _try_out(tapped: Tapped, image: torch.Tensor) -> None:
    try:
        with torch.no_grad():
            logits, *_ = tapped(image)
    except (RuntimeError, ValueError, TypeError, IndexError) as error:
        raise NetworkError(
            f"the network does not run on images of {tuple(image.shape[1:])} (channels, rows, "
            f"columns): {error}; check --size and --channels, and that --layer is used in the "
            "forward pass (and --boundary-layer, where it is given)"
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
