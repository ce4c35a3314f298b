"""Served interpreters that are small enough to be worked out by hand."""

from typing import Any

import numpy as np

from explainers.activations import Activations
from explainers.attributes.served import Attributes

CLASSES = ("shirt", "coat")


def flat_fields() -> dict[str, Any]:
    """Phi(x) = x for a flat layer of three units; the notes' W = (1, 5, -4) for the shirt."""
    empty, none = np.zeros((0, 0, 0, 0), np.float32), np.zeros(0, np.float32)
    pictures = np.arange(2 * 2 * 4, dtype=np.uint8).reshape(2, 2, 2, 2, 1)
    return {
        "class_names": CLASSES,
        "layers": ("hidden",),
        "by_design": False,
        "tau": 5.0,
        "shapes": np.array([[3, 1, 1]]),
        "pool": 1,
        "strides": (1,),
        "side": (1, 1),
        "convolved": (1, 1),
        "inner_slope": 0.0,
        "outer_slope": 0.0,
        "first_weights": np.eye(3, dtype=np.float32)[:, :, None, None],
        "first_bias": np.zeros(3, np.float32),
        "second_weights": empty,
        "second_bias": none,
        "joining_weights": empty,
        "joining_bias": none,
        "attribute_weights": np.eye(3, dtype=np.float32),
        "attribute_bias": np.zeros(3, np.float32),
        "class_weights": np.array([[1, 5, -4], [0, 1, 2]], np.float32),
        "class_bias": np.array([7, 0], np.float32),
        "mean_phi": np.array([1.0, 0.0, 0.5]),
        "table": np.array([[1.0, 0.0, -0.5], [0.1, 0.2, 1.0]]),
        "table_threshold": 0.2,
        "pairs": np.array([[0, 0], [1, 2]]),
        "pair_images": np.array([40, 30]),
        "example_ids": ("a", "b", "c"),
        "example_rows": np.array([4, 6, 9]),
        "example_predicted": np.array([0, 1, 1]),
        "samples": np.array([[0, -1], [2, 1]]),
        "sample_pictures": pictures,
        "random_pictures": pictures[:, 0],
        "released_pictures": pictures[:, 1],
        "released_ranges": np.array([[-5, 6], [-4.25, 5]], np.float32),
        "local_samples": np.array([-1, 1]),
        "local_pictures": pictures[:, 0],
        "pictures_reason": "",
        "maximised": 3,
        "raised": 3,
        "above_original": 2,
        "decoder_settings": "{}",
        "decoder_numbers": 0,
        "decoder_parameters": none,
        "input_error": 0.01,
        "mean_error": 0.05,
        "validation_fidelity": 0.97,
        "validation_cns": 1.5,
        "log": "[]",
    }


def flat(**changed: Any) -> Attributes:  # noqa: ANN401  any field may change
    """Give the same as the served class, with some fields changed."""
    return Attributes(**flat_fields() | changed)


def activations(phi: list[float]) -> Activations:
    """Give an image whose tapped layer is `phi`."""
    hidden = np.array(phi, np.float32)
    return Activations(
        logits=np.array([0, 1], np.float32),
        hidden=hidden,
        predicted=1,
        pixels=np.zeros((1, 2, 2), np.float32),
        intermediate=hidden,
    )
