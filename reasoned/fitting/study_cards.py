"""The cards of single images in a CNN-INTE study."""

import dataclasses
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.arrays import IntArray
from explainers.meta_forest.fitting.inte.atlas import Atlas, ClusterPortrait
from explainers.meta_forest.fitting.inte.importance import cluster_importance
from explainers.meta_forest.fitting.inte.instance_card import CardStep, Chip, InstanceCard
from explainers.meta_forest.fitting.inte.nominal_tree import Condition, TreePath
from explainers.meta_forest.fitting.inte.pipeline import CnnInte
from reasoned.fitting.study_pictures import DisplayScale, heat_uri

_MOST_UNITS = 10


@final
@dataclasses.dataclass(frozen=True, eq=False)
class CardMaker:
    """Everything that cards are made from.

    Attributes
    ----------
    fitted, atlas
        The reconstruction and what its clusters mean.
    train, test
        Training images for the meanings, test images for the cards.
    network_codes, forest_codes
        Shape (test images, factors). The ids by both routes.
    classes
        The class names.

    """

    fitted: CnnInte
    atlas: Atlas
    train: ActivationTable
    test: ActivationTable
    network_codes: IntArray
    forest_codes: IntArray
    classes: tuple[str, ...]

    def card(self, position: int) -> InstanceCard:
        """Make the card of the test image in one position."""
        path = self.fitted.path(self.network_codes[position])
        scale = DisplayScale.of(self.train.pixels)
        codes = zip(self.network_codes[position], self.forest_codes[position], strict=True)
        steps = zip(path.nodes[:-1], path.conditions, strict=True)
        return InstanceCard(
            title=f"Test image {int(self.test.rows[position])}",
            facts=self._facts(position, path),
            image=scale.uri(self.test.pixels[position]),
            chips=tuple(Chip(f, int(n), int(r)) for f, (n, r) in enumerate(codes)),
            steps=tuple(self._step(node, condition, scale) for node, condition in steps),
            leaf_words=(
                self.classes[path.names],
                f"{100 * path.purity:.1f} % of {path.support} training images",
            ),
            leaf_histogram=path.histogram,
            classes=self.classes,
        )

    def telling_positions(self) -> list[int]:
        """Choose three test images: a plain one, an error of the network, a disagreement.

        Where a kind does not occur, the next image in order stands in.
        """
        named = self.fitted.network.meta.display.predict(self.network_codes)
        right = self.test.predicted == self.test.labels
        agrees = named == self.test.predicted
        chosen: list[int] = []
        for kind in (agrees & right, agrees & ~right, ~agrees):
            candidates = [*np.flatnonzero(kind).tolist(), *range(len(right))]
            chosen += [found for found in candidates if found not in chosen][:1]
        return chosen

    def _facts(self, position: int, path: TreePath) -> tuple[str, ...]:
        predicted = int(self.test.predicted[position])
        logits = np.asarray(self.test.logits[position], dtype=np.float64)
        odds = np.exp(logits - logits.max())
        full = self.fitted.network.meta.full.path(self.network_codes[position])
        forest = self.fitted.network.meta.full.path(self.forest_codes[position])
        verdict = "agrees with" if path.names == predicted else "DISAGREES with"
        return (
            (
                f"The network says {self.classes[predicted]}, softmax "
                f"{odds[predicted] / odds.sum():.3f}. The true class is "
                f"{self.classes[int(self.test.labels[position])]}."
            ),
            f"The displayed tree says {self.classes[path.names]}: it {verdict} the network.",
            (
                f"The full tree says {self.classes[full.names]} by the network's own activations, "
                f"{self.classes[forest.names]} by the forests."
            ),
            "Below: the displayed tree's path by the network's own activations.",
        )

    def _step(self, node: int, condition: Condition, scale: DisplayScale) -> CardStep:
        portrait = self.atlas.portraits[condition.factor][condition.cluster]
        return CardStep(
            question=f"Is factor {condition.factor} in cluster {condition.cluster}?",
            answer="yes" if condition.holds else "no",
            histogram=self.fitted.network.meta.display.histograms[node],
            meaning=self._meaning(portrait),
            mean_image=scale.uri(portrait.mean_image),
            pixel_map=self._pixel_map(condition),
            nearest=tuple(scale.uri(self.train.pixels[n]) for n in portrait.nearest),
        )

    def _meaning(self, portrait: ClusterPortrait) -> tuple[str, ...]:
        units = self.atlas.units[portrait.factor]
        listed = ", ".join(str(unit) for unit in units[:_MOST_UNITS])
        more = f" and {len(units) - _MOST_UNITS} more" if len(units) > _MOST_UNITS else ""
        return (
            f"c{portrait.cluster}: {class_words(portrait.histogram, self.classes)}",
            f"f{portrait.factor}: units {listed}{more}",
        )

    def _pixel_map(self, condition: Condition) -> str:
        if self.fitted.base_input != "pixels":
            return ""
        found = cluster_importance(self.fitted.learners, condition.factor, condition.cluster)
        return heat_uri(found, self.train.pixels.shape[1:])


def class_words(histogram: IntArray, classes: tuple[str, ...], most: int = 3) -> str:
    """Say which classes an image group consists of, the commonest first."""
    total = int(histogram.sum())
    if total == 0:
        return "no training image"
    order = [i for i in np.argsort(-histogram, kind="stable")[:most] if histogram[i]]
    return ", ".join(f"{100 * histogram[i] / total:.0f} % {classes[i]}" for i in order)
