"""Tables of AD and AI from what was judged image by image."""

from collections.abc import Mapping, Sequence

from reasoned.evaluation.comparison import Entrant, Judged
from reasoned.evaluation.figures import ClassFigures, MapFigures, spread

GRAD_CAM = "grad_cam"


def map_figures(judged: Sequence[Mapping[Entrant, Judged]]) -> tuple[MapFigures, ...]:
    """Average over the explained images, and compare with Grad-CAM image by image.

    Parameters
    ----------
    judged
        For each explained image, how every entrant did.

    """
    return tuple(_row(entrant, judged) for entrant in judged[0])


def class_figures(
    of_class: Sequence[int], judged: Sequence[Mapping[Entrant, Judged]], classes: Sequence[str]
) -> tuple[ClassFigures, ...]:
    """Average AD over the images of each class that has some.

    Parameters
    ----------
    of_class
        The class of each explained image.
    judged
        For each explained image, how every entrant did.
    classes
        Their names.

    """
    return tuple(
        _class_row(
            classes[label],
            [one for one, own in zip(judged, of_class, strict=True) if own == label],
        )
        for label in sorted(set(of_class))
    )


def _row(entrant: Entrant, judged: Sequence[Mapping[Entrant, Judged]]) -> MapFigures:
    measure = Entrant(GRAD_CAM, entrant.similar, "reused")
    beyond = [one[entrant].drop - one[measure].drop for one in judged]
    return MapFigures(
        method=entrant.method,
        similar=entrant.similar,
        weights=entrant.weights,
        mad=spread([one[entrant].drop for one in judged]),
        mai=spread([one[entrant].increase for one in judged]),
        mad_beyond_grad_cam=spread(beyond),
        empty=sum(one[entrant].empty for one in judged) / len(judged),
    )


def _class_row(name: str, judged: Sequence[Mapping[Entrant, Judged]]) -> ClassFigures:
    def drop(method: str) -> float:
        entrant = Entrant(method, "shared", "reused")
        return sum(one[entrant].drop for one in judged) / len(judged)

    return ClassFigures(
        name=name,
        images=len(judged),
        ri_paper=drop("ri_paper"),
        ri_served=drop("ri_served"),
        grad_cam=drop(GRAD_CAM),
    )
