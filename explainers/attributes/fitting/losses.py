"""The terms that the interpreter is trained by: L_of, L_if, L_cd of Parekh et al."""

import dataclasses
from typing import final

import torch
from torch.nn import functional

from explainers.attributes.fitting.schedule import StageWeights
from explainers.attributes.fitting.variants import Variant


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Interpreted:
    """What the interpreter makes of a batch.

    Attributes
    ----------
    phi
        Shape (images, attributes). Phi(x).
    logits
        Shape (images, classes). Of g, before the softmax.
    reconstruction
        Shape (images, channels, rows, columns). d(Phi(x)).

    """

    phi: torch.Tensor
    logits: torch.Tensor
    reconstruction: torch.Tensor


def entropy(values: torch.Tensor) -> torch.Tensor:
    """Give the entropy E(v) of softmax(v), in nats, over the last axis.

    Parameters
    ----------
    values
        Shape (..., attributes).

    """
    logs = torch.log_softmax(values, dim=-1)
    return -(logs.exp() * logs).sum(dim=-1)


def output_fidelity(
    g_logits: torch.Tensor, f_logits: torch.Tensor, variant: Variant
) -> torch.Tensor:
    """Give L_of: the cross-entropy between f and g; no gradient goes into f's logits.

    The paper prints ``-sum g^T log f``; the released code takes f as the target and g as
    the prediction, which is what a g that should follow f needs.

    Parameters
    ----------
    g_logits, f_logits
        Shape (images, classes).
    variant
        Which of the two, and whether images are averaged or summed.

    """
    target = f_logits.detach()
    if variant.f_is_target:
        terms = -(target.softmax(dim=1) * g_logits.log_softmax(dim=1)).sum(dim=1)
    else:
        terms = -(g_logits.softmax(dim=1) * target.log_softmax(dim=1)).sum(dim=1)
    return terms.mean() if variant.means else terms.sum()


def input_fidelity(
    reconstruction: torch.Tensor, images: torch.Tensor, variant: Variant
) -> torch.Tensor:
    """Give L_if: how far the reconstruction is from the image.

    Parameters
    ----------
    reconstruction, images
        Shape (images, channels, rows, columns).
    variant
        Squares or absolute values; means over images and pixels, or sums.

    """
    apart = reconstruction - images
    terms = apart.abs() if variant.absolute_error else apart.square()
    return terms.mean() if variant.means else terms.sum()


def conciseness(phi: torch.Tensor, variant: Variant) -> torch.Tensor:
    """Give the entropy of each image's attributes: the smaller, the fewer explain it.

    Parameters
    ----------
    phi
        Shape (images, attributes).
    variant
        Means over images, or sums.

    """
    found = entropy(phi.abs())
    return found.mean() if variant.means else found.sum()


def diversity(phi: torch.Tensor) -> torch.Tensor:
    """Give the entropy of the mean attributes of a batch: the larger, the more are used.

    The released code takes absolute values first, which is the same where Phi >= 0.

    Parameters
    ----------
    phi
        Shape (images, attributes).

    """
    return entropy(phi.abs().mean(dim=0))


def size(phi: torch.Tensor, variant: Variant) -> torch.Tensor:
    """Give the l1 term, which alone bounds the size of Phi.

    Parameters
    ----------
    phi
        Shape (images, attributes).
    variant
        The mean over images and attributes, as released, or the printed sum of norms.

    """
    return phi.abs().mean() if variant.means else phi.abs().sum()


def interpretation_loss(
    found: Interpreted,
    f_logits: torch.Tensor,
    images: torch.Tensor,
    weights: StageWeights,
    variant: Variant,
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Give L_int of a batch, and its terms before they are weighted.

    Parameters
    ----------
    found
        What the interpreter made of it.
    f_logits
        Shape (images, classes). Of the predictor.
    images
        Shape (images, channels, rows, columns), in [0, 1].
    weights
        Of this epoch; a term of weight 0 still is computed, for the log.
    variant
        Printed or released.

    """
    terms = {
        "output_fidelity": output_fidelity(found.logits, f_logits, variant),
        "input_fidelity": input_fidelity(found.reconstruction, images, variant),
        "conciseness": conciseness(found.phi, variant),
        "diversity": diversity(found.phi),
        "l1": size(found.phi, variant),
    }
    total = (
        weights.output_fidelity * terms["output_fidelity"]
        + weights.input_fidelity * terms["input_fidelity"]
        + weights.conciseness * terms["conciseness"]
        - weights.diversity * terms["diversity"]
        + weights.l1 * terms["l1"]
    )
    return total, {name: term.detach() for name, term in terms.items()}


def prediction_loss(f_logits: torch.Tensor, labels: torch.Tensor, variant: Variant) -> torch.Tensor:
    """Give L_pred: the cross-entropy of f and the true classes.

    Parameters
    ----------
    f_logits
        Shape (images, classes).
    labels
        Shape (images).
    variant
        Means over images, or sums.

    """
    reduction = "mean" if variant.means else "sum"
    return functional.cross_entropy(f_logits, labels, reduction=reduction)
