"""PCR over m as SVG, one panel per test."""

from io import StringIO
from typing import Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from reasoned.evaluation.mixture_figures import CurveFigures, MixtureFigures
from reasoned.evaluation.mixture_protocols import TESTS
from reasoned.evaluation.mixture_rankings import NAMES, OWN

_STYLE: Final[dict[Any, Any]] = {
    "svg.hashsalt": "reasoned",
    "svg.fonttype": "none",
    "font.size": 9,
}
_COLOURS: Final = {
    "mixture": "#4477aa",
    "mixture_signed": "#228833",
    "mixture_mean": "#117755",
    "random_within": "#777777",
    "random_all": "#bbbbbb",
    "variance": "#ccbb44",
    "ridge": "#ee6677",
    "ridge_signed": "#aa3377",
    "ridge_mean": "#ffaabb",
    "gradient_input": "#66ccee",
    "integrated_gradients": "#332288",
    "lime": "#dd7711",
    "shap": "#885522",
}
_BANDS: Final = (*OWN, "random_within")
_INK: Final = "#1f2430"


def pcr_plots(figures: MixtureFigures, name: str) -> str:
    """Draw PCR over m for one class, or for all where the name is empty.

    The same figures give the same bytes. Bands are 95 % intervals; only the mixture and random
    features have one, since thirteen hide each other.
    """
    # Else the ids in the drawing are drawn at random.
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=(10, 3.6), layout="constrained")
        panels = figure.subplots(1, len(TESTS), sharey=True)
        for axes, test in zip(panels, TESTS, strict=True):
            for curve in figures.curves_of(test, name):
                _draw(axes, curve, figures.sizes)
            axes.set(title=test, xlabel="m, features", ylim=(-3, 103))
            axes.spines[["top", "right"]].set_visible(False)
        panels[0].set_ylabel("PCR, %")
        figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    whole = drawn.getvalue()
    return whole[whole.index("<svg") :]


def _draw(axes: Axes, curve: CurveFigures, sizes: tuple[int, ...]) -> None:
    colour, own = _COLOURS.get(curve.ranking, _INK), curve.ranking in OWN
    axes.plot(
        sizes,
        [100 * point.mean for point in curve.pcr],
        color=colour,
        linewidth=2.2 if own else 1.2,
        linestyle="--" if curve.ranking.startswith("random") else "-",
        label=NAMES.get(curve.ranking, curve.ranking),
    )
    if curve.ranking in _BANDS:
        low, high = ([100 * getattr(p, end) for p in curve.pcr] for end in ("low", "high"))
        axes.fill_between(sizes, low, high, color=colour, alpha=0.15, linewidth=0)
