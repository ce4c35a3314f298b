"""AD and AI over images, by hand."""

import pytest

from reasoned.evaluation.comparison import Entrant, Judged
from reasoned.evaluation.figures import MapFigures, spread
from reasoned.evaluation.map_figures import class_figures, map_figures


def entrant(method: str, similar: str = "shared") -> Entrant:
    return Entrant(method, "own" if similar == "own" else "shared", "reused")


def judged(paper: float, served: float, grad_cam: float) -> dict[Entrant, Judged]:
    drops = {"ri_paper": paper, "ri_served": served, "grad_cam": grad_cam}
    return {
        entrant(name, similar): Judged(drop, 1 - drop, 0.5)
        for name, drop in drops.items()
        for similar in ("own", "shared")
    }


IMAGES = [judged(0.2, 0.1, 0.4), judged(0.6, 0.1, 0.4), judged(0.4, 0.1, 0.1)]


def test_means_and_the_paired_difference_to_grad_cam() -> None:
    rows = {(row.method, row.similar): row for row in map_figures(IMAGES)}

    assert len(rows) == 6
    assert rows["ri_paper", "own"] == MapFigures(
        method="ri_paper",
        similar="own",
        weights="reused",
        mad=spread([0.2, 0.6, 0.4]),
        mai=spread([0.8, 0.4, 0.6]),
        mad_beyond_grad_cam=spread([0.2 - 0.4, 0.6 - 0.4, 0.4 - 0.1]),
        empty=0.5,
    )
    assert rows["grad_cam", "shared"].mad_beyond_grad_cam.mean == 0


def test_classes_without_images_have_no_row() -> None:
    found = class_figures([2, 0, 2], IMAGES, ["a", "b", "c"])

    assert [(row.name, row.images) for row in found] == [("a", 1), ("c", 2)]
    assert found[0].ri_paper == 0.6
    assert found[1].ri_paper == pytest.approx(0.3)
    assert found[1].grad_cam == 0.25
