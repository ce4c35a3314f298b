"""The figures of attribute functions as tables and sentences."""

import math

from reasoned.evaluation.attribute_figures import AttributeFigures, LimeFigures
from reasoned.evaluation.attribute_paper import beside_paper, conciseness_beside_paper
from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.figures import Spread
from reasoned.evaluation.tables import percent

EXCLUSIVE, CERTAIN = 0.8, 2.0


def attribute_sections(figures: AttributeFigures) -> tuple[Section, ...]:
    """Lay out every table."""
    found = [
        _agreement(figures),
        beside_paper(figures),
        conciseness_beside_paper(figures),
        _classes(figures),
        _served(figures),
        _inputs(figures),
        _maximisation(figures),
    ]
    return tuple(found if figures.lime is None else [*found, _lime(figures.lime)])


def attribute_verdict(figures: AttributeFigures) -> tuple[str, ...]:
    """Say in a few sentences what the tables show."""
    found = [
        (
            f"On {percent(1 - figures.fidelity)} % of {figures.unseen} unseen images the "
            "interpreter names another class than the network: there it explains another answer."
        ),
        _sharing(figures),
    ]
    if figures.gap > EXCLUSIVE:
        found.append(
            "The first attribute of a class is far more relevant than its second (by "
            f"{figures.gap:.2f} of 1 on the mean): the attributes are nearly the classes under "
            "other names, and say little of why."
        )
    if figures.lime is not None:
        found.append(_beside_lime(figures.lime))
    return tuple(found)


def _sharing(figures: AttributeFigures) -> str:
    used, shared = sum(count > 0 for count in figures.served), figures.shared
    alone = sum(one.gap > EXCLUSIVE for one in figures.classes)
    return (
        f"{used} of {figures.attributes} attributes are used: {used - shared} by one class only, "
        f"{shared} by several. For {alone} of {len(figures.classes)} classes one attribute alone "
        f"nearly makes the class (gap above {EXCLUSIVE})."
    )


def _beside_lime(lime: LimeFigures) -> str:
    return (
        f"Share of {lime.images} images where the network's class is named, with standard errors. "
        f"The image itself: {_compared(lime.lime, lime.g)} Copies with cells removed: "
        f"{_compared(lime.removed_lime, lime.removed_g)} LIME is fitted to each image anew; the "
        "interpreter was fitted once."
    )


def _compared(lime: Spread, g: Spread) -> str:
    return f"LIME {_spread(lime)} %, the interpreter {_spread(g)} %; {_ahead(lime, g)}."


def _ahead(lime: Spread, g: Spread) -> str:
    """Name who is ahead by more than twice the two standard errors combined, if anyone is."""
    unsure = "no difference can be told"
    if lime.mean is None or g.mean is None:
        return unsure
    if lime.standard_error is None or g.standard_error is None:
        return unsure
    beyond = lime.mean - g.mean
    if abs(beyond) <= CERTAIN * math.hypot(lime.standard_error, g.standard_error):
        return unsure
    return "LIME is ahead" if beyond > 0 else "the interpreter is ahead"


def _agreement(figures: AttributeFigures) -> Section:
    first, tau = figures.cns, f"{figures.tau:g}"
    rows = (
        ("images that f, the network, names rightly, %", percent(figures.f)),
        ("images that g, the interpreter, names rightly, %", percent(figures.g)),
        ("fidelity: images where g names f's class, %", percent(figures.fidelity)),
        (f"f's errors ({figures.errors}) that g repeats, %", percent(figures.fidelity_on_errors)),
        ("f's errors where g is right, %", percent(figures.corrected)),
        *(((f"attributes above 1/{tau}", f"{first[tau]:.2f}"),) if tau in first else ()),
        ("attributes", str(figures.attributes)),
        ("of these dead (hardly ever active on these images)", str(len(figures.dead))),
    )
    return Section(
        "Does the interpreter speak for the network?",
        f"On {figures.unseen} test images that no fit has seen.",
        (("what", "value"), *rows),
    )


def _classes(figures: AttributeFigures) -> Section:
    rows = (
        (
            one.name,
            str(one.images),
            percent(one.fidelity),
            str(one.used),
            f"{one.gap:.2f}",
        )
        for one in figures.classes
    )
    head = ("class", "images", "fidelity %", "attributes used", "gap of first and second")
    return Section(
        "Class by class",
        f"Images that the network gives the class. Used: a mean relevance above "
        f"{1 / figures.tau:.2g}. Gap: near 1, one attribute alone makes the class.",
        (head, *rows),
    )


def _served(figures: AttributeFigures) -> Section:
    rows = (
        (str(count), str(sum(served == count for served in figures.served)))
        for count in range(max(figures.served, default=0) + 1)
    )
    return Section(
        "How many classes an attribute serves",
        "An attribute that serves one class only may be that class under another name.",
        (("classes", "attributes"), *rows),
    )


def _inputs(figures: AttributeFigures) -> Section:
    rebuilt = figures.inputs.rebuilt
    rows = (
        ("rebuilt from the attributes", "-" if rebuilt is None else f"{rebuilt:.4f}"),
        ("the mean training image for all", f"{figures.inputs.mean_image:.4f}"),
    )
    return Section(
        "Do the attributes still hold the image?",
        "Mean squared error, pixels from 0 to 1. The decoder, which was trained with the "
        "attributes, rebuilds the image from nothing else.",
        (("picture", "error"), *rows),
    )


def _maximisation(figures: AttributeFigures) -> Section:
    made = figures.maximisation
    rows = (
        ("pictures tried", str(made.tried)),
        ("that raise the attribute above the dimmed image", str(made.raised)),
        ("that raise it above the image itself", str(made.above_original)),
        ("steps of each search", str(made.steps)),
    )
    why = f" There are none: {made.reason}." if made.reason else ""
    return Section(
        "Do the pictures show more of the attribute?",
        "Activation maximisation: the image is dimmed, then changed step by step so that the "
        f"attribute answers more; pixels stay between black and white.{why}",
        (("what", "value"), *rows),
    )


def _lime(lime: LimeFigures) -> Section:
    rows = (
        ("the image itself", _spread(lime.lime), _spread(lime.g)),
        (
            f"{lime.variants} copies with cells removed",
            _spread(lime.removed_lime),
            _spread(lime.removed_g),
        ),
    )
    return Section(
        "Beside LIME, on the same images",
        f"{lime.images} images; LIME (captum) fits a linear model per class on {lime.samples} "
        f"copies of each, of which cells of a grid ({lime.cells} in all) are blackened at random. "
        "Share of images where the network's class is named, in percent. First row: the "
        "image itself, which with nothing removed lies outside LIME's samples. Second row: fresh "
        "copies, and what the network says of them. ± is the standard error over images.",
        (("judged on", "LIME %", "g %"), *rows),
    )


def _spread(spread: Spread) -> str:
    return percent(spread.mean, spread.standard_error)
