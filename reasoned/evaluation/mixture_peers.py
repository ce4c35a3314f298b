"""How other methods rank the pixels of images: gradients, LIME and SHAP, by captum."""

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients, KernelShap

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.lime_fidelity import cells_of, fit_lime
from reasoned.evaluation.mixture_network import FromPixels, PixelNetwork

STEPS: Final = 32
_AT_ONCE: Final = 128
_FEW: Final = 8
Progress = Callable[..., Iterable[int]]


def gradient_times_input(module: FromPixels, values: FloatArray, explained: int) -> DoubleArray:
    """Give the gradient of the class's logit times the pixel; (images, values).

    A black pixel, which is 0, contributes nothing.
    """
    method = InputXGradient(module)
    return _in_parts(values, _AT_ONCE, lambda some: method.attribute(some, target=explained))


def integrated_gradients(
    module: FromPixels, values: FloatArray, explained: int, null: FloatArray
) -> DoubleArray:
    """Give the gradients along the way from the null image, times the way; (images, values).

    References
    ----------
    Sundararajan et al., Axiomatic attribution for deep networks, ICML 2017: the
    Aumann-Shapley values, which captum's `GradientShap` estimates by random draws.

    """
    method = IntegratedGradients(module)
    base = torch.from_numpy(np.array(null, np.float32))[None]
    return _in_parts(
        values,
        _FEW,
        lambda some: method.attribute(some, base.expand_as(some), target=explained, n_steps=STEPS),
    )


def _in_parts(
    values: FloatArray, size: int, attribute: Callable[[torch.Tensor], torch.Tensor]
) -> DoubleArray:
    parts = []
    for start in range(0, len(values), size):
        some = torch.from_numpy(np.array(values[start : start + size], np.float32))
        parts.append(attribute(some.requires_grad_()).detach().double().numpy())
    return np.concatenate(parts)


def lime_scores(
    network: PixelNetwork,
    values: FloatArray,
    explained: int,
    asked: tuple[int, int],
    progress: Progress,
) -> DoubleArray:
    """Give LIME's weight of each cell, spread over its pixels by their brightness.

    Parameters
    ----------
    network
        The network.
    values
        Shape (images, values).
    explained
        The class whose probability is fitted.
    asked
        (samples, seed).
    progress
        Shows the images.

    Returns
    -------
    DoubleArray
        Shape (images, values). The cells are those of a 7 x 7 grid, as 500 samples cannot
        tell several hundred pixels apart; within a cell the brighter pixel comes first, since
        a black one can be neither removed nor copied.

    """
    samples, seed = asked
    inputs = network.inputs(values)
    weights = [
        fit_lime(inputs[i], network.logits_of_inputs, network.black, samples, seed + i).weights
        for i in progress(range(len(inputs)), "LIME")
    ]
    return _spread(np.array([own[explained] for own in weights]), values, network)


def shap_scores(
    network: PixelNetwork,
    values: FloatArray,
    explained: int,
    asked: tuple[int, int],
    progress: Progress,
) -> DoubleArray:
    """Give Kernel SHAP's value of each cell, spread as for `lime_scores`; arguments as there.

    References
    ----------
    Lundberg and Lee, A unified approach to interpreting model predictions, NeurIPS 2017.

    """
    samples, seed = asked
    inputs = network.inputs(values)
    mask = torch.from_numpy(cells_of(*inputs.shape[2:]))[None, None]
    black = torch.from_numpy(np.array(network.black))[None, :, None, None]

    def chances(given: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(network.logits_of_inputs(given.numpy())).softmax(dim=1)

    method, found = KernelShap(chances), []
    for i in progress(range(len(inputs)), "SHAP"):
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed + i)
            own = method.attribute(
                torch.from_numpy(inputs[i : i + 1]),
                baselines=black,
                target=explained,
                feature_mask=mask,
                n_samples=samples,
                perturbations_per_eval=_AT_ONCE,
                return_input_shape=False,
            )
        found.append(own.double().numpy().ravel())
    return _spread(np.array(found), values, network)


def _spread(weights: DoubleArray, values: FloatArray, network: PixelNetwork) -> DoubleArray:
    channels, rows, columns = network.network.shape
    cells: IntArray = np.tile(cells_of(rows, columns).ravel(), channels)
    return weights[:, cells] * values
