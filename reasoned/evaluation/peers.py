"""Channel weights of the CAM family, by the libraries that are usually asked for them."""

from collections.abc import Callable

import torch
from captum.attr import Saliency
from torchcam.methods import GradCAMpp, ScoreCAM

from explainers.arrays import DoubleArray, FloatArray, IntArray
from reasoned.evaluation.cut_network import CutNetwork

Weigher = Callable[[CutNetwork, FloatArray, IntArray], DoubleArray]


def grad_cam(network: CutNetwork, pixels: FloatArray, classes: IntArray) -> DoubleArray:
    """Give Grad-CAM's weights: the class score's gradient on psi, averaged over space.

    Parameters
    ----------
    network
        Cut at the map to be weighted.
    pixels
        Shape (images, channels, rows, columns). The images that are explained.
    classes
        Shape (images). The class that each is explained for.

    Returns
    -------
    DoubleArray
        Shape (images, channels).

    References
    ----------
    Selvaraju et al., Grad-CAM, ICCV 2017. Captum's own `LayerGradCam` gives the finished
    map only, and the weights are reused here on other images.

    """
    _, gradient = _map_and_gradient(network, pixels, classes)
    return _as_array(gradient.mean(dim=(2, 3)))


def grad_cam_pp(network: CutNetwork, pixels: FloatArray, classes: IntArray) -> DoubleArray:
    """Give Grad-CAM++'s weights as torchcam computes them; arguments as for `grad_cam`.

    Notes
    -----
    Up to torchcam 0.5.0 the division of the paper's alpha is lost on a copy, so that its
    weights are sums of the cubed positive gradients; `grad_cam_pp_formula` has the paper's.

    """
    with GradCAMpp(network.whole, network.lower) as extractor:
        # Weights that came from a graph need no gradients of their own: the image has to.
        scores = network.whole(torch.from_numpy(pixels).clone().requires_grad_())
        (weights,) = extractor._get_weights(classes.tolist(), scores)  # noqa: SLF001  torchcam shows its weights nowhere else
    return _as_array(weights)


def grad_cam_pp_formula(network: CutNetwork, pixels: FloatArray, classes: IntArray) -> DoubleArray:
    """Give Grad-CAM++'s weights by the paper's formula; arguments as for `grad_cam`.

    References
    ----------
    Chattopadhay et al., Grad-CAM++, WACV 2018, equations 10 and 19: with the exponential
    of the class score all derivatives are powers of the first.

    """
    psi, gradient = _map_and_gradient(network, pixels, classes)
    squared = gradient**2
    total = (psi.sum(dim=(2, 3), keepdim=True) * gradient**3) + 2 * squared
    alpha = torch.where(total != 0, squared / torch.where(total != 0, total, 1.0), 0.0)
    return _as_array((alpha * gradient.relu()).sum(dim=(2, 3)))


def score_cam(network: CutNetwork, pixels: FloatArray, classes: IntArray) -> DoubleArray:
    """Give Score-CAM's weights by torchcam; arguments as for `grad_cam`.

    References
    ----------
    Wang et al., Score-CAM, CVPR workshops 2020.

    """
    with ScoreCAM(network.whole, network.lower, batch_size=128) as extractor, torch.no_grad():
        network.whole(torch.from_numpy(pixels))
        (weights,) = extractor._get_weights(classes.tolist())  # noqa: SLF001  torchcam shows its weights nowhere else
    return _as_array(weights)


PEERS: dict[str, Weigher] = {
    "grad_cam": grad_cam,
    "grad_cam_pp": grad_cam_pp,
    "grad_cam_pp_formula": grad_cam_pp_formula,
    "score_cam": score_cam,
}


def _map_and_gradient(
    network: CutNetwork, pixels: FloatArray, classes: IntArray
) -> tuple[torch.Tensor, torch.Tensor]:
    with torch.no_grad():
        psi = network.lower(torch.from_numpy(pixels))
    asked = psi.clone().requires_grad_()
    target = torch.from_numpy(classes.copy())
    return psi, Saliency(network.upper).attribute(asked, target=target, abs=False)


def _as_array(weights: torch.Tensor) -> DoubleArray:
    found: DoubleArray = weights.detach().double().numpy()
    return found
