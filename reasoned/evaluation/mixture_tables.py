"""The figures of mixtures as tables."""

from reasoned.evaluation.evaluation import Section
from reasoned.evaluation.mixture_figures import (
    DifferenceFigures,
    Interval,
    MixtureFigures,
    Share,
    VulnerabilityFigures,
)
from reasoned.evaluation.mixture_protocols import TESTS, Test
from reasoned.evaluation.mixture_rankings import NAMES, OWN
from reasoned.evaluation.tables import percent

MEANINGS: dict[Test, str] = {
    "removal": (
        "the first m features are nulled; a good ranking keeps the class less often (lower is "
        "better)"
    ),
    "insertion": (
        "the first m features are copied into an image of another class; a good ranking carries "
        "the class over more often (higher is better)"
    ),
    "synthetic": (
        "only the first m features are kept, the rest is noise; a good ranking keeps the class "
        "more often (higher is better)"
    ),
}
_PROTOCOLS = {
    "plain": "Plain protocol: own pixels, nothing amplified, clipped to black and white.",
    "amplified": (
        "Amplified protocol of the authors' code: one reference image's pixels times -0.5 "
        "(removal), 5 (insertion) and 3 (synthetic), noise nearly black."
    ),
}
_PEERS = (
    "By |b|: the coefficients alone, as in the paper; by contribution: b times what the pixel is "
    "beyond a removed one; against the mean: b times what it is beyond the mean of other classes. "
    "The mixture, ridge, variance and the first random ranking rank the features that the class's "
    "regression reads; gradients rank every pixel; LIME and Kernel SHAP weigh 7 x 7 cells, spread "
    "over their pixels by brightness. All on the same images."
)
_SIGNS = {"better": "+", "worse": "-", "": "="}


def mixture_sections(figures: MixtureFigures) -> tuple[Section, ...]:
    """Lay out every table."""
    found = [_errors(figures)]
    if figures.curves:
        found += [_areas(figures), _differences(figures), _classes(figures)]
        found += [_pcr(figures, test) for test in TESTS]
    if figures.vulnerabilities:
        found += [_tried(figures), _found(figures)]
    return tuple(found)


def scope_of(figures: MixtureFigures) -> str:
    """Name what the figures over all images are under: nothing, or the only class tested."""
    names = {one.name for one in figures.curves}
    return "" if "" in names or not names else next(iter(names))


def outcome(one: DifferenceFigures) -> str:
    """Say whether the interval excludes 0, and in whose favour."""
    if one.beats:
        return "better"
    return "worse" if one.worse else ""


def of(share: Share) -> str:
    """Write k of n with its interval in percent."""
    return f"{share.count} of {share.of} ({100 * share.low:.0f} to {100 * share.high:.0f} %)"


def _errors(figures: MixtureFigures) -> Section:
    rows = (
        (
            one.name,
            str(one.components),
            str(one.images),
            f"{one.deviation:.2f}",
            f"{one.assigned_rmse:.2f}",
            f"{one.predictive_rmse:.2f}",
            f"{one.ridge_rmse:.2f}",
            percent(one.gate_accuracy),
            percent(one.dominant),
        )
        for one in figures.errors
    )
    head = (
        "class",
        "components",
        "images",
        "sd",
        "assigned",
        "predictive",
        "one ridge",
        "gate accuracy %",
        "one component speaks %",
    )
    return Section(
        "How far from the network's log-odds?",
        "Root mean squared errors on test images, chosen as the fit chose its own: with contrast, "
        "those that the network gives the class and as many others; sd is the "
        "standard deviation of the log-odds themselves. Assigned: the component is chosen with the "
        "network's answer at hand, so this is no accuracy of prediction. Predictive: the gate "
        "chooses it from the image alone, as in a reply. Gate accuracy: how often both choose the "
        "same.",
        (head, *rows),
    )


def _areas(figures: MixtureFigures) -> Section:
    scope = scope_of(figures)
    by_test = {test: {one.ranking: one for one in figures.curves_of(test, scope)} for test in TESTS}
    rows = (
        (NAMES[ranking], *(_interval(by_test[test][ranking].area) for test in TESTS))
        for ranking in by_test["removal"]
    )
    images = figures.curves_of("removal", scope)[0].images
    return Section(
        "Area under the PCR curve",
        f"PCR(m) is the share of {images} perturbed test images that the network still gives the "
        f"explained class{f', {scope}' if scope else ''}; the area is over m = 15 to 150, divided "
        f"by the width, in percent, with 95 % bootstrap intervals. "
        f"{_PROTOCOLS[figures.settings.protocol]} Removed means "
        f"{'black' if figures.settings.null == 'black' else 'the mean of other classes'}. "
        f"Insertion and synthetic: higher is better; removal: lower. {_PEERS}",
        (("ranking", *TESTS), *rows),
    )


def _differences(figures: MixtureFigures) -> Section:
    scope, rows = scope_of(figures), []
    for own in OWN:
        apart = [d for d in figures.differences if (d.name, d.ranking) == (scope, own)]
        for rival in dict.fromkeys(d.rival for d in apart):
            cells = {d.test: _difference(d) for d in apart if d.rival == rival}
            rows.append((NAMES[own], NAMES[rival], *(cells[test] for test in TESTS)))
    return Section(
        "The mixture against each rival",
        "Its area less the rival's, in points, image by image, with the 95 % interval of the "
        "paired bootstrap. Better or worse: the interval excludes 0.",
        (("ranking", "rival", *TESTS), *rows),
    )


def _difference(one: DifferenceFigures) -> str:
    said = outcome(one)
    return f"{_interval(one.difference, sign=True)}{f' {said}' if said else ''}"


def _classes(figures: MixtureFigures) -> Section:
    own = [d for d in figures.differences if d.name]
    rivals = tuple(dict.fromkeys(d.rival for d in own))
    signs = {(d.name, d.ranking, d.rival, d.test): _SIGNS[outcome(d)] for d in own}
    rows = (
        (
            name,
            NAMES[ranking],
            *("".join(signs[name, ranking, rival, test] for test in TESTS) for rival in rivals),
        )
        for name, ranking in dict.fromkeys((d.name, d.ranking) for d in own)
    )
    return Section(
        "Class by class",
        "Three signs each: removal, insertion, synthetic. + the mixture is better than the rival, "
        "- worse, = the 95 % interval of the difference holds 0.",
        (("class", "ranking", *(NAMES[rival] for rival in rivals)), *rows),
    )


def _pcr(figures: MixtureFigures, test: Test) -> Section:
    rows = (
        (NAMES[one.ranking], *(_interval(point) for point in one.pcr))
        for one in figures.curves_of(test, scope_of(figures))
    )
    return Section(
        f"PCR under {test}, %",
        f"Over m: {MEANINGS[test]}. With 95 % bootstrap intervals.",
        (("ranking", *(f"m = {size}" for size in figures.sizes)), *rows),
    )


def _interval(one: Interval, *, sign: bool = False) -> str:
    if sign:
        return f"{100 * one.mean:+.1f} ({100 * one.low:+.1f} to {100 * one.high:+.1f})"
    return f"{100 * one.mean:.1f} ({100 * one.low:.1f} to {100 * one.high:.1f})"


def _tried(figures: MixtureFigures) -> Section:
    kinds = dict.fromkeys((one.pattern, one.background) for one in figures.vulnerabilities)
    rows = []
    for pattern, background in kinds:
        some = [
            one
            for one in figures.vulnerabilities
            if (one.pattern, one.background) == (pattern, background)
        ]
        best = max(some, key=lambda one: one.pasted.count / one.pasted.of)
        rows.append(
            (
                f"{pattern} on {background}",
                str(len(some)),
                str(sum(one.found for one in some)),
                f"{best.name} {best.component}: {of(best.pasted)}",
                of(best.control),
                of(best.bare),
            )
        )
    head = ("pasted", "components", "found", "most often answered", "random features", "bare")
    return Section(
        "Insights pasted where they mean nothing",
        "image: a component's first features with the values of the training image that it "
        "answers for most; signs: white where b > 0, black where b < 0. Random features: as many "
        "others of the same source; bare: nothing pasted. Found: the lower end of the 95 % "
        "Clopper-Pearson interval is at least 50 %, and above the upper ends for random features "
        "and for bare.",
        (head, *rows),
    )


def _found(figures: MixtureFigures) -> Section:
    rows = (_one_found(one) for one in figures.found)
    head = ("class and component", "pasted", "answered", "random features", "bare")
    return Section(
        "Vulnerabilities found",
        "Pictures that the network gives a class because of one pasted insight.",
        (head, *rows),
    )


def _one_found(one: VulnerabilityFigures) -> tuple[str, ...]:
    return (
        f"{one.name} {one.component}",
        f"{one.pattern} on {one.background}",
        of(one.pasted),
        of(one.control),
        of(one.bare),
    )
