"""The figures of a comparison as tables, for a terminal and for a page."""

from typing import Final

from reasoned.comparing.figures import ComparisonFigures, RegionFigures, RegionPair
from reasoned.comparing.words import (
    OUTCOMES,
    accepted,
    check_words,
    found,
    found_reach,
    measure_words,
    percent,
    points,
    reach,
)
from reasoned.evaluation.evaluation import Section

MOVERS: Final = 6
NAMED: Final = 12
_CHANGED: Final = {
    "class": "another network's class",
    "evidence": "first choice names another class",
    "status": "another status",
    "carrier": "another method carries",
}
_SAME_CLASS: Final = "where both networks agree"


def tables(figures: ComparisonFigures) -> tuple[Section, ...]:
    """Lay the figures out."""
    sections = (
        _gate(figures),
        _differences(figures),
        _changes(figures),
        _regions(figures),
        _movers(figures),
        _examples(figures),
        _classes(figures),
        _named(figures),
    )
    return tuple(section for section in sections if len(section.rows) > 1)


def _gate(figures: ComparisonFigures) -> Section:
    return Section(
        "The gate",
        "A figure crosses its threshold where it lies beyond it and its 95 % interval excludes "
        "that nothing changed. The option of that name, with dashes, sets another threshold.",
        (
            ("what", "verdict", "accepted", "found", "95 % interval", "threshold"),
            *(
                (
                    check_words(check),
                    OUTCOMES[check.outcome],
                    accepted(check),
                    found(check),
                    found_reach(check),
                    check.option,
                )
                for check in figures.checks
            ),
        ),
    )


def _differences(figures: ComparisonFigures) -> Section:
    return Section(
        "Before and after",
        "The same images, asked of both models; a difference is B minus A in points of percent, "
        "with the 95 % interval of paired images. A method's fidelity is over the images for "
        "which it names a class in both.",
        (
            ("figure", "of", "images", "A", "B", "difference", "95 % interval"),
            *(
                (
                    *measure_words(one),
                    f"{one.images:,}",
                    percent(one.before),
                    percent(one.after),
                    points(one.difference),
                    reach(one.low, one.high),
                )
                for one in figures.differences
            ),
        ),
    )


def _changes(figures: ComparisonFigures) -> Section:
    return Section(
        "Image by image",
        "How many images have something else than before. Two models of the same overall figures "
        "can still explain single images differently.",
        (
            ("changed", "among", "images", "share", "95 % interval"),
            *(
                (
                    _CHANGED[one.measure],
                    "all images" if one.measure == "class" else _SAME_CLASS,
                    f"{one.images:,}",
                    percent(one.share),
                    reach(one.low, one.high, "{:.2f}"),
                )
                for one in figures.changes
            ),
        ),
    )


def _regions(figures: ComparisonFigures) -> Section:
    return Section(
        "Rules and regions",
        "Leaves, polytopes, pairs of attributes, components and clusters divide the images. They "
        "are matched by the images in them, whatever they are called. Agreement is the adjusted "
        "Rand index: 1 is the same division, 0 no more than chance. Kept: half or more of the "
        "images in either are in both; moved: a tenth or more.",
        (
            (
                "method",
                "agreement",
                "95 % interval",
                "images that stay",
                "A",
                "B",
                "kept",
                "moved",
                "vanished",
                "appeared",
            ),
            *(_region_row(one) for one in figures.regions),
        ),
    )


def _region_row(one: RegionFigures) -> tuple[str, ...]:
    return (
        one.of,
        f"{one.agreement:.3f}",
        reach(one.low, one.high, "{:.3f}", 1),
        percent(one.staying),
        str(sum(pair.before is not None for pair in one.pairs)),
        str(sum(pair.after is not None for pair in one.pairs)),
        *(str(one.count(move)) for move in ("kept", "moved", "vanished", "appeared")),
    )


def _movers(figures: ComparisonFigures) -> Section:
    rows = [
        (
            one.of,
            _pair_words(pair),
            f"{pair.images_before:,}",
            f"{pair.images_after:,}",
            f"{pair.shared:,}",
        )
        for one in figures.regions
        for pair in one.pairs[:MOVERS]
        if pair.shared < max(pair.images_before, pair.images_after)
    ]
    return Section(
        "The regions that moved most",
        f"Of each method at most {MOVERS}, first those that most images left or joined; "
        "comparison.json holds all. In brackets the class that A's network gives most of the "
        "images.",
        (("method", "region in A, in B", "images A", "images B", "in both"), *rows),
    )


def _pair_words(pair: RegionPair) -> str:
    pair_of = " → ".join(name for name in (pair.before, pair.after) if name)
    return f"{pair_of}, {pair.move} ({pair.about})"


def _examples(figures: ComparisonFigures) -> Section:
    one = figures.examples
    shared = "-" if one.shared is None else f"{one.shared:,}"
    same = "-" if one.same_nearest is None else percent(one.same_nearest)
    return Section(
        "Examples",
        "The training images that replies show: how many each model stores, how many of them are "
        "the same images, and for how many images the nearest one is the same.",
        (
            ("stored in A", "stored in B", "in both", "same nearest example"),
            (f"{one.before:,}", f"{one.after:,}", shared, same),
        ),
    )


def _classes(figures: ComparisonFigures) -> Section:
    ordered = sorted(figures.classes, key=lambda one: -one.evidence)
    return Section(
        "Class by class",
        "Images to which both networks give one class: for how many the explanation names "
        "another class than before, has another status, or is carried by another method.",
        (
            ("class", "images", "names another", "another status", "another carrier"),
            *(
                (
                    one.name,
                    f"{one.images:,}",
                    percent(one.evidence),
                    percent(one.status),
                    percent(one.carrier),
                )
                for one in ordered
            ),
        ),
    )


def _named(figures: ComparisonFigures) -> Section:
    return Section(
        "From which class to which",
        f"What the first choice named before and names now, where both networks agree; the {NAMED} "
        "most frequent.",
        (
            ("in A", "in B", "images"),
            *(
                (one.before or "no class", one.after or "no class", f"{one.images:,}")
                for one in figures.named[:NAMED]
            ),
        ),
    )
