"""What the tables say, in sentences; also where the method is worse than its peers."""

import math

from reasoned.evaluation.figures import MapFigures, RepresentativeFigures, Spread
from reasoned.evaluation.tables import CERTAIN, LEAST_IMAGES, NAMES, clearly_worse

_OTHERS = ("grad_cam_pp", "grad_cam_pp_formula", "score_cam")
_WHERE = {"own": "on similar images of its own", "shared": "on the same similar images"}


def verdict(figures: RepresentativeFigures) -> tuple[str, ...]:
    """Say how RI compares with its peers and with a random map, and where it is worse."""
    told = [
        _against("own", figures.maps_of("ri_paper", "own", "reused").mad_beyond_grad_cam),
        _against("shared", figures.maps_of("ri_paper", "shared", "reused").mad_beyond_grad_cam),
        _others("own", figures),
        _others("shared", figures),
        _random(figures),
        _by_class(figures),
    ]
    return tuple(sentence for sentence in told if sentence)


def _against(similar: str, beyond: Spread) -> str:
    mean, error = beyond.mean or 0.0, beyond.standard_error
    side = "less" if mean < 0 else "more"
    sure = error is not None and abs(mean) > CERTAIN * error
    found = (
        f"{_WHERE[similar]}, RI as in the paper loses {100 * abs(mean):.2f} points {side} of the "
        "score than Grad-CAM, whose weights are reused alike"
    )
    ending = "." if sure else ", which is within two standard errors of no difference."
    return found[0].upper() + found[1:] + ending


def _others(similar: str, figures: RepresentativeFigures) -> str:
    own = figures.maps_of("ri_paper", similar, "reused").mad.mean or 0.0
    better = [
        f"{NAMES[row.method]} ({100 * row.mad.mean:.2f} %{_found_anew(row)})"
        for row in figures.maps
        if row.method in _OTHERS and row.similar == similar
        if row.mad.mean is not None and row.mad.mean < own
    ]
    if not better:
        return ""
    where = _WHERE[similar].replace("its own", "their own")
    return f"RI loses {100 * own:.2f} %; {where}, these lose less: {', '.join(better)}."


def _found_anew(row: MapFigures) -> str:
    return ", weights anew on each image" if row.weights == "own" else ""


def _random(figures: RepresentativeFigures) -> str:
    control = figures.maps_of("random", "shared", "none").mad
    own = figures.maps_of("ri_paper", "shared", "reused").mad
    there, here = control.mean or 0.0, own.mean or 0.0
    told = f"A random map loses {100 * there:.2f} % of the score, RI {100 * here:.2f} %"
    error = math.hypot(control.standard_error or 0.0, own.standard_error or 0.0)
    if abs(there - here) <= CERTAIN * error:
        return f"{told}: within two standard errors, so RI's map is not shown to beat chance."
    return f"{told}: RI's map is {'better' if here < there else 'not better'} than chance."


def _by_class(figures: RepresentativeFigures) -> str:
    worse = clearly_worse(figures)
    if not worse:
        return (
            "The numbers by class are too small to tell where RI is worse than Grad-CAM: no class "
            f"has {LEAST_IMAGES} images and a loss over two standard errors above Grad-CAM's."
        )
    names = ", ".join(worse)
    return f"On the same similar images RI is worse than Grad-CAM for classes {names}."
