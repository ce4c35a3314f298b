"""The rule set that a model carries, counted on images that its fit has not seen."""

import numpy as np

from explainers.arrays import IntArray
from explainers.representative.served.polytopes import Polytopes
from reasoned.evaluation.figures import StoredFigures
from reasoned.evaluation.unseen import UnseenImages


def stored_figures(
    polytopes: Polytopes, classes: IntArray, unseen: UnseenImages, least_depth: float = 0.0
) -> StoredFigures:
    """Test every unseen image against every polytope, whatever its class.

    Parameters
    ----------
    polytopes
        The rule set.
    classes
        Shape (polytopes). The class that each names.
    unseen
        The test images, in the boundary space of the rule set.
    least_depth
        How deep in a polytope an image must lie to count as inside.

    """
    points = unseen.boundary
    members = polytopes.members(points, least_depth)
    right = members & (classes == unseen.predicted[:, None])
    covered = members.any(axis=1)
    # As a reply does: the polytope in which the image lies deepest names the class.
    named = classes[np.where(members, polytopes.depths(points), -np.inf).argmax(axis=1)]
    pairs, images = int(members.sum()), int(covered.sum())
    agreed = int((named == unseen.predicted)[covered].sum())
    contested = covered & (members & (classes != named[:, None])).any(axis=1)
    return StoredFigures(
        polytopes=len(polytopes),
        unseen_coverage=images / len(unseen),
        precision=int(right.sum()) / pairs if pairs else None,
        image_precision=agreed / images if images else None,
        contested=float(contested.mean()),
    )
