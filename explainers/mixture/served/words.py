"""What the method says, in words."""

from collections.abc import Sequence
from typing import Final

from explainers.mixture.served.places import HIDDEN, PIXELS, SUPERPIXELS

NO_STRUCTURE: Final = "no linear structure"
_OVER: Final = {
    PIXELS: "the image's pixels",
    SUPERPIXELS: "patches of the image (superpixels)",
    HIDDEN: "the units of the explained layer",
}


def opening_words(features: str, class_name: str) -> str:
    """Begin the sentence, up to the predicted log-odds."""
    return (
        f"Weighted sums over {_OVER[features]}, fitted to imitate the network (a mixture of linear "
        f"regressions of its log-odds), put {class_name} first (predicted "
    )


def alone_words(number: int, of: int) -> tuple[str, str]:
    """Say which component answers; its responsibility comes between the two pieces."""
    return f"): component {number} of {of} answers for this image (", " %); "


def only_words() -> str:
    """Say that the class has one component."""
    return "): it has one component, the same for every image; "


def mixed_words(most: float, of: int) -> str:
    """Say that no component dominates, and what is done about it."""
    return (
        f"): no component dominates (at most {100 * most:.0f} %), so the weights of all {of} are "
        "combined; "
    )


def term_words(told: Sequence[tuple[str, float]], intercept: float) -> str:
    """Name the largest terms, and what is added for every image."""
    constant = f", beside a constant {intercept:+.2f}" if intercept else ""
    if not told:
        return f"no feature adds anything{constant}."
    listed = ", ".join([f"{name} {amount:+.2f}" for name, amount in told])
    return f"the largest terms are {listed}{constant}."


def verdict_words(class_name: str, verdict: str) -> str:
    """Warn of a class whose fit found nothing."""
    if not verdict.startswith(NO_STRUCTURE):
        return ""
    return f" For {class_name} the fit found {NO_STRUCTURE}: its weights mean nothing."
