"""What the tables of mixtures say, in sentences; also where a rival is better."""

from collections.abc import Sequence
from typing import Final

from reasoned.evaluation.mixture_figures import MixtureFigures, VulnerabilityFigures
from reasoned.evaluation.mixture_protocols import TESTS, Test
from reasoned.evaluation.mixture_rankings import NAMES, OWN
from reasoned.evaluation.mixture_tables import outcome, scope_of
from reasoned.evaluation.tables import percent

TOLD: Final = 6  # vulnerabilities in words; the table has them all
_ONTO = {
    "uniform noise": "Noise",
    "dark noise": "Nearly black noise",
    "other classes": "An image of another class",
}
_SET = {
    "image": "set as in the image that component {component} of class {name} answers for most",
    "signs": "white or black by the signs of component {component} of class {name}",
}


def mixture_verdict(figures: MixtureFigures) -> tuple[str, ...]:
    """Say in a few sentences what the tables show."""
    found = [_fidelity(figures), *([_errors(figures)] if figures.errors else [])]
    if figures.curves:
        found += [sentence for test in TESTS for sentence in _of_test(figures, test)]
    if figures.vulnerabilities:
        found += _vulnerabilities(figures)
    return (*found, *(f"Left out: {reason}." for reason in figures.left_out))


def vulnerability_sentence(one: VulnerabilityFigures, features: str) -> str:
    """Say what one insight does, pasted where it means nothing.

    Parameters
    ----------
    one
        What was counted.
    features
        ``pixels`` or ``superpixels``.

    """
    pasted = _SET[one.pattern].format(component=one.component, name=one.name)
    return (
        f"{_ONTO[one.background]} with {one.features} {features} {pasted} is called {one.name} in "
        f"{one.pasted.count} of {one.pasted.of} pictures; with as many random {features}: "
        f"{one.control.count}; with nothing pasted: {one.bare.count}."
    )


def _fidelity(figures: MixtureFigures) -> str:
    return (
        f"On {percent(1 - figures.fidelity)} % of {figures.unseen} unseen images the mixture names "
        "another class than the network: there it explains another answer."
    )


def _errors(figures: MixtureFigures) -> str:
    several = [one for one in figures.errors if one.components > 1]
    worse = [one.name for one in figures.errors if one.ridge_rmse < one.predictive_rmse]
    assigned, predictive, ridge = (
        _mean([getattr(one, field) for one in figures.errors])
        for field in ("assigned_rmse", "predictive_rmse", "ridge_rmse")
    )
    told = (
        f"On the mean over {len(figures.errors)} classes ({len(several)} with several components) "
        f"the log-odds are off by {assigned:.2f} where the component is chosen knowing the "
        f"answer, by {predictive:.2f} as served, from the image alone, and by {ridge:.2f} for one "
        "ridge regression."
    )
    return f"{told} One ridge predicts better for {', '.join(worse)}." if worse else told


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _of_test(figures: MixtureFigures, test: Test) -> list[str]:
    """Compare every ranking of the mixture, where the test tells any two rankings apart."""
    areas = {one.area.mean for one in figures.curves_of(test, scope_of(figures))}
    if areas in ({0.0}, {1.0}):
        which = "no" if areas == {0.0} else "every"
        kept = f"Under {test}, {which} picture keeps the class under any ranking"
        return [f"{kept}: it tells nothing apart here."]
    return [_against(figures, own, test) for own in OWN]


def _against(figures: MixtureFigures, own: str, test: Test) -> str:
    scope, by = scope_of(figures), dict[str, list[str]]()
    for one in figures.differences:
        if (one.name, one.ranking, one.test) == (scope, own, test):
            by.setdefault(outcome(one), []).append(NAMES[one.rival])
    said = [
        f"{words} {', '.join(by[kind])}"
        for kind, words in (
            ("better", "better than"),
            ("worse", "worse than"),
            ("", "not told apart from"),
        )
        if kind in by
    ]
    return f"Under {test}, the {NAMES[own]} is {'; '.join(said)}."


def _vulnerabilities(figures: MixtureFigures) -> list[str]:
    tried = len(figures.vulnerabilities)
    components = len({(one.name, one.component) for one in figures.vulnerabilities})
    if not figures.found:
        kinds = dict.fromkeys(
            f"{one.pattern} on {one.background}" for one in figures.vulnerabilities
        )
        none = f"No vulnerability was found: {components} components were tried in {tried} ways"
        return [f"{none} ({', '.join(kinds)})."]
    clearest = sorted(figures.found, key=lambda one: one.control.high - one.pasted.low)[:TOLD]
    opening = f"{len(figures.found)} of {tried} pasted insights are vulnerabilities of the network"
    opening += "." if len(clearest) == len(figures.found) else "; the clearest:"
    return [opening, *(vulnerability_sentence(one, figures.features) for one in clearest)]
