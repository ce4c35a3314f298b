"""The figures of an evaluation as tables, for a terminal and for a page."""

import math

from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.figures import MapFigures, RepresentativeFigures, Spread

NAMES = {
    "ri_paper": "RI, as in the paper",
    "ri_served": "RI, as served",
    "grad_cam": "Grad-CAM (captum)",
    "grad_cam_pp": "Grad-CAM++ (torchcam)",
    "grad_cam_pp_formula": "Grad-CAM++ (its formula)",
    "score_cam": "Score-CAM (torchcam)",
    "random": "random map",
}
LEAST_IMAGES, CERTAIN = 20, 2.0
_BEYOND = "mAD minus Grad-CAM's (negative: better)"
_BARELY = (
    " A similar image of another class has a score near 0 to begin with, and almost any map raises "
    "it: mAI says little here."
)
_WEIGHTS = {"reused": "of the explained image", "own": "anew on each image", "none": "none"}


def sections(figures: RepresentativeFigures) -> tuple[Section, ...]:
    """Lay out every table."""
    found = [
        _maps(figures, "own"),
        _meanings(figures),
        _maps(figures, "shared"),
        _classes(figures),
        _polytopes(figures),
        _stability(figures),
        _curves(figures),
    ]
    return tuple(found if figures.stored is None else [*found, _stored(figures)])


def clearly_worse(figures: RepresentativeFigures) -> tuple[str, ...]:
    """Name the classes where RI is worse than Grad-CAM by more than chance explains.

    By at least 20 images and two standard errors, those of all images scaled to the class.
    """
    beyond = figures.maps_of("ri_paper", "shared", "reused").mad_beyond_grad_cam
    if beyond.standard_error is None:
        return ()
    deviation = beyond.standard_error * math.sqrt(beyond.of)
    return tuple(
        one.name
        for one in figures.classes
        if one.images >= LEAST_IMAGES
        and one.ri_paper - one.grad_cam > CERTAIN * deviation / math.sqrt(one.images)
    )


def percent(value: float | None, error: float | None = None) -> str:
    """Write a share in percent, with its standard error where there is one."""
    if value is None:
        return "-"
    return f"{100 * value:.2f}" + ("" if error is None else f" ± {100 * error:.2f}")


def number(spread: Spread) -> str:
    """Write a mean."""
    return "-" if spread.mean is None else f"{spread.mean:.1f}"


def _percent(spread: Spread) -> str:
    return percent(spread.mean, spread.standard_error)


def _maps(figures: RepresentativeFigures, similar: str) -> Section:
    whose = (
        "each method's own similar images: RI's by semantic distance inside the polytope, the "
        "others' by Euclidean distance of the explained maps"
        if similar == "own"
        else "the same similar images for all: those of RI as in the paper"
    )
    head = ("method", "channel weights", "mAD %", "mAI %", _BEYOND, "empty maps %")
    rows = (_map_row(row) for row in figures.maps if row.similar == similar)
    top, fill = figures.settings.top, figures.settings.fill
    return Section(
        f"Score lost when only the top {100 * top:g} % of the pixels are kept, {similar} similar "
        "images",
        f"On {whose}. {figures.explained} explained test images, up to "
        f"{figures.settings.similar} similar ones each; the other pixels are filled in ({fill}). "
        "Low mAD and high mAI are good; ± is the standard error over the explained images."
        + (_BARELY if similar == "own" else ""),
        (head, *rows),
    )


def _meanings(figures: RepresentativeFigures) -> Section:
    top = f"{100 * figures.settings.top:g} %"
    return Section(
        "What the words mean",
        "One line each.",
        (
            ("word", "meaning"),
            ("RI", "representative interpretation: a polytope around an image, and its heat map"),
            ("score", "the network's softmax of the explained image's class"),
            (
                "mAD",
                f"mean share of the score that is lost when the top {top} are kept; low is good",
            ),
            ("mAI", "share of the similar images whose score rises instead; high is good"),
            ("empty maps", "maps that are zero everywhere, and so choose nothing"),
            ("|Q|", "how many boundaries a search may choose from"),
            ("tau", "how many training images of another class stay inside the polytope"),
            ("Jaccard", "images inside both of two polytopes, as a share of those inside either"),
        ),
    )


def _map_row(row: MapFigures) -> tuple[str, ...]:
    name, weights = NAMES[row.method], _WEIGHTS[row.weights]
    beyond = _percent(row.mad_beyond_grad_cam)
    return name, weights, _percent(row.mad), _percent(row.mai), beyond, percent(row.empty)


def _classes(figures: RepresentativeFigures) -> Section:
    worse = clearly_worse(figures)
    rows = (
        (
            one.name,
            str(one.images),
            percent(one.ri_paper),
            percent(one.ri_served),
            percent(one.grad_cam),
            "yes" if one.name in worse else "",
        )
        for one in figures.classes
    )
    head = ("class", "images", "RI (paper) %", "RI (served) %", "Grad-CAM %", "RI (paper) worse")
    return Section(
        "mAD by class",
        "Weights reused, on the same similar images for all. Worse: by over two standard errors, "
        f"on at least {LEAST_IMAGES} images.",
        (head, *rows),
    )


def _polytopes(figures: RepresentativeFigures) -> Section:
    head = ("mode", "coverage %", "of its class %", "precision %", "over pairs %")
    rows = (
        (
            NAMES[one.mode],
            _percent(one.coverage),
            _percent(one.class_coverage),
            _percent(one.precision),
            percent(one.pooled_precision),
            number(one.tau),
            percent(one.tau_zero),
            number(one.facets),
            number(one.boundaries),
        )
        for one in figures.polytopes
    )
    return Section(
        "Polytopes of single images, on unseen images",
        f"References: {figures.references} training images, of which tau of another class stay "
        f"inside. Coverage: of {figures.unseen} test images. Precision: those inside that share "
        "the image's class.",
        ((*head, "tau", "tau = 0 %", "facets", "boundaries"), *rows),
    )


def _stability(figures: RepresentativeFigures) -> Section:
    head = ("mode", "seeds", "images", "Jaccard of members", "same side %", "maps' rank corr.")
    rows = (
        (
            NAMES[one.mode],
            str(one.seeds),
            str(one.jaccard.of),
            _share(one.jaccard),
            _percent(one.agreement),
            _share(one.rank_correlation),
        )
        for one in figures.stability
    )
    return Section(
        "Stability over seeds",
        "Means over all pairs of seeds: how alike two polytopes of one image are.",
        (head, *rows),
    )


def _share(spread: Spread) -> str:
    return "-" if spread.mean is None else f"{spread.mean:.3f}"


def _curves(figures: RepresentativeFigures) -> Section:
    rows = (
        (
            str(one.boundaries),
            number(one.tau),
            _percent(one.coverage),
            _percent(one.precision),
            number(one.facets),
        )
        for one in figures.curves
    )
    return Section(
        "More boundaries to choose from",
        "The paper's search (no enlarging, no pruning) with |Q| boundaries.",
        (("|Q|", "tau", "coverage %", "precision %", "facets"), *rows),
    )


def _stored(figures: RepresentativeFigures) -> Section:
    stored = figures.stored
    rows = (
        ()
        if stored is None
        else (
            ("polytopes", str(stored.polytopes)),
            ("unseen images in any of them, %", percent(stored.unseen_coverage)),
            ("pairs (image, polytope) of one class, %", percent(stored.precision)),
            ("covered images named as the network does, %", percent(stored.image_precision)),
            ("unseen images in polytopes of several classes, %", percent(stored.contested)),
        )
    )
    return Section(
        "The rule set that the model carries, on unseen images",
        "Every test image is tested against every polytope, whatever its class.",
        (("", ""), *rows),
    )
