"""What the tables say, in sentences; also where the method is worse than its peers."""

from reasoned.evaluation.figures import RepresentativeFigures, Spread

_CERTAIN = 2.0


def verdict(figures: RepresentativeFigures) -> tuple[str, ...]:
    """Say how RI compares with Grad-CAM, where it is worse, and what random maps score."""
    told = [
        _against("own", figures.maps_of("ri_paper", "own", "reused").mad_beyond_grad_cam),
        _against("shared", figures.maps_of("ri_paper", "shared", "reused").mad_beyond_grad_cam),
        _random(figures),
    ]
    worse = [one.name for one in figures.classes if one.ri_paper > one.grad_cam]
    if worse:
        names = ", ".join(worse)
        told.append(f"On the same similar images it is worse than Grad-CAM for classes {names}.")
    return tuple(told)


def _against(similar: str, beyond: Spread) -> str:
    where = "on similar images of its own" if similar == "own" else "on the same similar images"
    mean, error = beyond.mean or 0.0, beyond.standard_error
    side = "less" if mean < 0 else "more"
    sure = error is not None and abs(mean) > _CERTAIN * error
    found = (
        f"{where}, RI as in the paper loses {100 * abs(mean):.2f} points {side} of the score than "
        "Grad-CAM, whose weights are reused alike"
    )
    ending = "." if sure else ", which is within two standard errors of no difference."
    return found[0].upper() + found[1:] + ending


def _random(figures: RepresentativeFigures) -> str:
    control = figures.maps_of("random", "shared", "none").mad.mean or 0.0
    own = figures.maps_of("ri_paper", "shared", "reused").mad.mean or 0.0
    return f"A random map loses {100 * control:.2f} % of the score, RI {100 * own:.2f} %."
