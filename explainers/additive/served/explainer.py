"""Exact additive attribution of the class logit to the last affine layer's inputs."""

import dataclasses
from typing import ClassVar, final

import numpy as np
import orjson

from explainers.activations import Activations
from explainers.arrays import FloatArray, check_finite, check_shape
from explainers.contract import Explainer
from explainers.errors import NotApplicableError
from explainers.evidence import Evidence, Form
from explainers.heads import Head

MOST_PARTS = 10
_DIGITS = 6


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Additive(Explainer):
    """Split the logit of the predicted class into one term per input of the last layer.

    The last layer is affine, ``z_c = sum_i W_ci a_i + b_c``, so each term ``W_ci a_i`` is
    unit i's contribution and nothing is approximated. The named class is the argmax of
    the sums, which is the network's by construction: the evidence always agrees, and so
    says nothing about how far it can be trusted.

    Attributes
    ----------
    class_names
        The classes, in the order of the logits.
    weights
        Shape (classes, features).
    bias
        Shape (classes).

    """

    name: ClassVar[str] = "additive"
    form: ClassVar[Form] = "parts"

    class_names: tuple[str, ...]
    weights: FloatArray
    bias: FloatArray

    def check(self) -> None:
        """Raise `ArtefactError` or `ShapeError` where weights and bias do not fit."""
        classes = len(self.class_names)
        check_shape("weights", self.weights, "classes", "features", classes=classes)
        check_shape("bias", self.bias, "classes", classes=classes)
        check_finite("weights", self.weights)
        check_finite("bias", self.bias)

    def explain(self, activations: Activations) -> Evidence:
        """Give the ten largest contributions, the bias and what the rest adds up to."""
        inputs = activations.affine_input
        if inputs is None:
            raise NotApplicableError(
                "additive needs the input of the last affine layer, but the graph gives none"
            )
        named = int(np.argmax(self.weights @ inputs + self.bias))
        terms = self.weights[named].astype(np.float64) * inputs  # (features,)
        largest = np.argsort(-np.abs(terms), kind="stable")[:MOST_PARTS].tolist()
        total = float(terms.sum() + self.bias[named])
        body = self._body(named, inputs, terms.tolist(), largest, total)
        return Evidence(
            method=self.name,
            form=self.form,
            region=None,
            names=named,
            strength=None,
            sentence=self._sentence(named, terms.tolist(), largest, total),
            body=orjson.dumps(body),
        )

    def _body(
        self,
        named: int,
        inputs: FloatArray,
        terms: list[float],
        largest: list[int],
        total: float,
    ) -> dict[str, object]:
        most = max((abs(terms[unit]) for unit in largest), default=0.0) or 1.0
        parts = [
            {
                "name": f"unit {unit}",
                "value": round(float(inputs[unit]), _DIGITS),
                "weight": round(float(self.weights[named, unit]), _DIGITS),
                "contribution": round(terms[unit], _DIGITS),
                "relevance": round(terms[unit] / most, _DIGITS),
            }
            for unit in largest
        ]
        bias = float(self.bias[named])
        rest = total - bias - sum(terms[unit] for unit in largest)
        return {
            "score": f"logit of {self.class_names[named]}",
            "parts": parts,
            "bias": round(bias, _DIGITS),
            "rest": round(rest, _DIGITS),
            "total": round(total, _DIGITS),
            "threshold": None,
            "by_design": None,
        }

    def _sentence(self, named: int, terms: list[float], largest: list[int], total: float) -> str:
        told = ", ".join(f"unit {unit} {terms[unit]:+.2f}" for unit in largest[:3])
        return (
            f"The score of {self.class_names[named]}, {total:.2f}, is an exact sum over the "
            f"last layer's inputs; the largest terms are {told}."
        )

    def head(self) -> Head | None:
        """Ask nothing more of the graph."""
        return None

    def regions(self) -> tuple[str, ...]:
        """Name no region: the sum holds everywhere."""
        return ()

    def cites(self) -> tuple[int, ...]:
        """Mention no image."""
        return ()

    def summary(self) -> dict[str, float | int | str]:
        """Count the inputs of the last affine layer."""
        return {"features": self.weights.shape[1], "agrees": "by construction"}

    def picture(self) -> str | None:
        """Draw nothing: a sum has no shape."""
        return None
