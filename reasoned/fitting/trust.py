"""Refuse a network that does not know the given data, and say what is likely wrong."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from explainers.activations import ActivationTable
from explainers.arrays import FloatArray
from reasoned.errors import NetworkError
from reasoned.images.preprocessing import Preprocessing
from reasoned.inference import Network

LEAST_LIFT = 0.25
_CLEAR = 0.5
_TRIED = 512


def check_accuracy(
    table: ActivationTable,
    classes: tuple[str, ...],
    network: Network,
    preprocessing: Preprocessing,
) -> float:
    """Give the accuracy on a split, or refuse one near chance.

    Near chance means less than a quarter of the way from the most frequent class's share
    to 1.

    Raises
    ------
    NetworkError
        With the accuracy, the chance level and the likely reason.

    """
    accuracy = float((table.predicted == table.labels).mean())
    chance = float(np.bincount(table.labels).max() / len(table))
    least = chance + LEAST_LIFT * (1.0 - chance)
    if accuracy >= least:
        return accuracy
    reason = _reason(table, classes, network, preprocessing, max(least, _CLEAR))
    raise NetworkError(
        f"the network is right for {100 * accuracy:.1f} % of the validation images, and "
        f"{100 * chance:.1f} % is chance: {reason}"
    )


def _reason(
    table: ActivationTable,
    classes: tuple[str, ...],
    network: Network,
    preprocessing: Preprocessing,
    least: float,
) -> str:
    swapped, accuracy = _best_order(table, classes)
    # The best order of two outputs is never below a half: it must pass as a network would.
    if accuracy > least:
        return (
            f"with its outputs read as {', '.join(swapped)} it would be right for "
            f"{100 * accuracy:.1f} %, so the class order is likely wrong: list the classes in the "
            "order of the network's outputs with --classes"
        )
    name, better = _best_scaling(table, network, preprocessing)
    if better > least:
        return (
            f"with {name} it would be right for {100 * better:.1f} %, so the normalisation is "
            "likely wrong: give --mean and --std as the network was trained with"
        )
    return (
        "neither another class order nor another normalisation that was tried helps; check "
        "--weights, --size, --channels, --mean, --std and --classes"
    )


def _best_order(table: ActivationTable, classes: tuple[str, ...]) -> tuple[list[str], float]:
    """Match outputs to labels so that most images are right."""
    counts = np.zeros((len(classes), len(classes)), dtype=np.int64)
    np.add.at(counts, (table.predicted, table.labels), 1)
    outputs, labels = linear_sum_assignment(-counts)
    accuracy = float(counts[outputs, labels].sum() / len(table))
    return [classes[label] for label in labels.tolist()][:20], accuracy


def _best_scaling(
    table: ActivationTable, network: Network, preprocessing: Preprocessing
) -> tuple[str, float]:
    """Try the usual normalisations on some images; give the best and its accuracy."""
    shape = (1, -1, 1, 1)
    mean = np.array(preprocessing.mean, dtype=np.float32).reshape(shape)
    std = np.array(preprocessing.std, dtype=np.float32).reshape(shape)
    raw = np.array(table.pixels[:_TRIED]) * std + mean  # 0 to 1
    imagenet_mean = np.array([0.485, 0.456, 0.406], dtype=np.float32).reshape(shape)
    imagenet_std = np.array([0.229, 0.224, 0.225], dtype=np.float32).reshape(shape)
    tried: dict[str, FloatArray] = {
        "--mean 0 --std 1": raw,
        "--mean 0.5 --std 0.5": (raw - 0.5) / 0.5,
        "--mean 0 --std 0.00392157 (values from 0 to 255)": raw * 255,
        "inverted images": 1 - raw,
    }
    if raw.shape[1] == 3:
        tried["ImageNet's mean and standard deviation"] = (raw - imagenet_mean) / imagenet_std
        tried["blue, green, red instead of red, green, blue"] = np.array(table.pixels[:_TRIED])[
            :, ::-1
        ]
    labels = table.labels[:_TRIED]
    scores = {
        name: float(
            (network.run_many(np.ascontiguousarray(x))["logits"].argmax(1) == labels).mean()
        )
        for name, x in tried.items()
    }
    best = max(scores, key=scores.__getitem__)
    return best, scores[best]
