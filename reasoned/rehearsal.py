"""Whether the parts of a loaded model belong together, before anybody asks it."""

import dataclasses

import numpy as np

from explainers.activations import Activations
from explainers.arrays import ByteArray, check_finite, check_range, check_shape
from explainers.contract import Explainer
from explainers.errors import ReasonedError
from explainers.neighbours.served import Representatives, WholeSet
from reasoned.errors import FolderError
from reasoned.explaining import Parts

_MANY = 20


def check_parts(parts: Parts) -> None:
    """Compare what the parts say of classes, the input and the graph's heads.

    Raises
    ------
    FolderError, ArtefactError
        When two of them contradict each other.

    """
    for name, method in parts.explainers.items():
        # A method need not store the classes; one that does means these.
        stored = getattr(method, "class_names", parts.classes)
        if stored != parts.classes:
            raise FolderError(f"{name} explains other classes than the manifest's: {stored[:5]}")
    preprocessing, network = parts.preprocessing, parts.network
    given = (preprocessing.channels, preprocessing.height, preprocessing.width)
    if given != network.shape:
        raise FolderError(f"preprocessing gives {given}, but the network takes {network.shape}")
    regional = {name for name, method in parts.explainers.items() if method.regions()}
    if set(parts.rule.methods) != regional:
        raise FolderError(
            f"the status rule asks {list(parts.rule.methods)}, but {sorted(regional)} have regions"
        )
    wanted, stated = sorted(parts.rule.lists), sorted(parts.reliability.overall)
    if wanted != stated:
        raise FolderError(f"reliability must be stated for {wanted}, but is stated for {stated}")
    parts.support.check_input(network.shape)
    for images in (parts.representatives, parts.whole):
        if images is not None:
            _check_labels(images, len(parts.classes))
    _check_heads(parts)


def _check_labels(images: Representatives | WholeSet, classes: int) -> None:
    check_range(f"{images.name} labels", images.labels, 0, classes - 1)
    check_range(f"{images.name} predicted", images.predicted, 0, classes - 1)


def _check_heads(parts: Parts) -> None:
    if not parts.network.heads:
        return
    # The support test has a number for the input, and one for the map where there is one.
    wanted = {parts.support.name: 2 if "convolution" in parts.network.taps else 1}
    readers: list[Representatives | Explainer]
    readers = [parts.representatives, *parts.explainers.values()]
    heads = [head for head in (reader.head() for reader in readers) if head is not None]
    wanted |= {head.name: sum(head.sizes) for head in heads}
    if parts.network.heads != wanted:
        raise FolderError(
            f"network.onnx has heads of {str(parts.network.heads)[:200]} numbers, but those of "
            f"the model are of {wanted}"
        )


def rehearse(parts: Parts) -> None:
    """Explain a made-up image in every way, so that what does not fit shows at load.

    Raises
    ------
    FolderError
        When a step fails; the message says which sizes do not fit.

    """
    image: ByteArray = np.zeros(
        (parts.preprocessing.height, parts.preprocessing.width, 1), np.uint8
    )
    try:
        pixels = parts.preprocessing.apply(image)
        for shade in (pixels, parts.preprocessing.apply(image + np.uint8(255))):
            check_finite("the network's input", shade)
        parts.network.run(pixels)
        activations = parts.network.run_without_heads(pixels)
        check_shape("logits", activations.logits, "classes", classes=len(parts.classes))
        # Whatever the network made of this image: with the layer at zero every number is finite.
        calm = dataclasses.replace(
            activations, hidden=np.zeros_like(activations.hidden), predicted=0
        )
        _explain_all(parts, calm)
    except ReasonedError as error:
        raise FolderError(f"the parts do not fit together: {error}") from error
    except Exception as error:
        # numpy, onnxruntime and faiss each raise classes of their own for sizes that differ.
        raise FolderError(
            f"the parts do not fit together: {' '.join(str(error).split())}"
        ) from error


def _explain_all(parts: Parts, activations: Activations) -> None:
    found = parts.representatives.find(activations, _MANY)
    parts.support.judge(activations, found.distances[0])
    if parts.whole is not None:
        parts.whole.search(activations.hidden, 1)
    for method in parts.explainers.values():
        method.check_taps(activations)
        method.explain(activations)
        method.explain_in_full(activations, lambda: True)
