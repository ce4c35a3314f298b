"""The dashboard of what explanations say."""

from typing import Final

from deploy.boards.board import Board, Row
from deploy.boards.kinds import bars, figure, lines, spread
from deploy.boards.panel import Named, coloured
from deploy.boards.query import OF_MODEL, Query, rate

_EXPLAINED: Final = f'reasoned_explanations_total{{{OF_MODEL}, outcome!="none"}}'
_ANSWERED: Final = f"reasoned_explanations_total{{{OF_MODEL}}}"
_SUPPORTED: Final = f'reasoned_explanations_total{{{OF_MODEL}, outcome="supported"}}'
_DISAGREED: Final = f"reasoned_disagreements_total{{{OF_MODEL}}}"
_OUTSIDE: Final = f"reasoned_uncovered_total{{{OF_MODEL}}}"
_OUTCOMES: Final = (
    coloured("supported", "green"),
    coloured("weak", "yellow"),
    coloured("out_of_support", "purple"),
    coloured("none", "text"),
)
# Traffic beside a ratio: few requests make any ratio.
_TRAFFIC: Final = Named(
    "explained images",
    {
        "unit": "cps",
        "custom.axisPlacement": "right",
        "custom.fillOpacity": 10,
        "color": {"mode": "fixed", "fixedColor": "text"},
    },
)


def _share(part: str, whole: str, window: str) -> str:
    return f"sum(increase({part}[{window}])) / sum(increase({whole}[{window}]))"


_BESIDE: Final = Query(rate(_EXPLAINED), "explained images")

BOARD: Final = Board(
    name="explanations",
    title="explanations",
    description="What explanations say of themselves, and how often they fit the network.",
    rows=(
        Row(
            "The time shown",
            (
                figure(
                    "Images answered",
                    "Answered images, those of batches each for itself.",
                    Query(f"sum(increase({_ANSWERED}[$__range]))", instant=True),
                    unit="short",
                ),
                figure(
                    "Explanations that name another class",
                    "Share of the explained images whose explanation names another class than "
                    "the network. Whether that is too much, the board on drift says.",
                    Query(_share(_DISAGREED, _EXPLAINED, "$__range"), instant=True),
                    unit="percentunit",
                ),
                figure(
                    "Outside of what was fitted on",
                    "Share of the explained images that lie outside of every known region.",
                    Query(_share(_OUTSIDE, _EXPLAINED, "$__range"), instant=True),
                    unit="percentunit",
                ),
                figure(
                    "Since the last image",
                    "How long ago the last image was answered.",
                    Query(
                        'time() - max(reasoned_last_explanation_timestamp_seconds{job="$job"} > 0)',
                        instant=True,
                    ),
                    unit="s",
                ),
            ),
        ),
        Row(
            "Status and agreement",
            (
                lines(
                    "Images by status",
                    "`supported` and `weak` are what held-out images say of the regions cited; "
                    "`none`: no explanation was asked for, or a deadline left it out.",
                    Query(f"sum by (outcome) (rate({_ANSWERED}[$__rate_interval]))", "{{outcome}}"),
                    unit="cps",
                    stacked="normal",
                    named=_OUTCOMES,
                ),
                lines(
                    "Share of each status",
                    "The same, as shares of the answered images.",
                    Query(f"sum by (outcome) (rate({_ANSWERED}[$__rate_interval]))", "{{outcome}}"),
                    unit="percentunit",
                    stacked="percent",
                    named=_OUTCOMES,
                ),
                lines(
                    "Explanations that name another class, and traffic",
                    "Share over the last hour; to look at. The detector `disagreement` decides.",
                    Query(_share(_DISAGREED, _EXPLAINED, "1h"), "share of one hour"),
                    _BESIDE,
                    unit="percentunit",
                    named=(coloured("share of one hour", "red"), _TRAFFIC),
                ),
                lines(
                    "Outside of what was fitted on, and traffic",
                    "Share over the last hour; to look at. The detector `out_of_support` decides.",
                    Query(_share(_OUTSIDE, _EXPLAINED, "1h"), "share of one hour"),
                    _BESIDE,
                    unit="percentunit",
                    named=(coloured("share of one hour", "purple"), _TRAFFIC),
                ),
            ),
        ),
        Row(
            "By predicted class",
            (
                lines(
                    "Predicted classes",
                    "Answered images by the network's class; models of more than 50 classes "
                    "have one series.",
                    Query(
                        f"sum by (predicted_class) (rate({_ANSWERED}[$__rate_interval]))",
                        "{{predicted_class}}",
                    ),
                    unit="percentunit",
                    stacked="percent",
                ),
                bars(
                    "Supported explanations by class",
                    "Share of the explained images of each predicted class with the status "
                    "`supported`, in the time shown.",
                    Query(
                        f"sum by (predicted_class) (increase({_SUPPORTED}[$__range]))"
                        f" / sum by (predicted_class) (increase({_EXPLAINED}[$__range]))",
                        "{{predicted_class}}",
                        instant=True,
                    ),
                    unit="percentunit",
                    highest=1.0,
                    colour="green",
                ),
            ),
        ),
        Row(
            "Confidence and distance",
            (
                spread(
                    "Confidence",
                    "The network's softmax of its class, in tenths.",
                    f"sum by (le) (increase(reasoned_confidence_bucket{{{OF_MODEL}}}"
                    "[$__rate_interval]))",
                ),
                lines(
                    "Mean confidence",
                    "The mean of the network's softmax of its class.",
                    Query(
                        f"{rate(f'reasoned_confidence_sum{{{OF_MODEL}}}')}"
                        f" / {rate(f'reasoned_confidence_count{{{OF_MODEL}}}')}",
                        "mean",
                    ),
                    unit="percentunit",
                    highest=1.0,
                    colour="blue",
                ),
                spread(
                    "Rank of the nearest example's distance",
                    "Among held-out images of the predicted class, in tenths: as many in each "
                    "where nothing has changed. Empty for a model without a drift reference.",
                    f"sum by (le) (increase(reasoned_neighbour_distance_rank_bucket{{{OF_MODEL}}}"
                    "[$__rate_interval]))",
                ),
                lines(
                    "Images in the farthest tenth",
                    "Share whose nearest example is farther than for nine in ten held-out images "
                    "of the class: about 10 % where nothing has changed (dashed). The detector "
                    "`neighbour_distance` looks at the farthest twentieth.",
                    Query(
                        "1 - "
                        + rate(f'reasoned_neighbour_distance_rank_bucket{{{OF_MODEL}, le="0.9"}}')
                        + " / "
                        + rate(f"reasoned_neighbour_distance_rank_count{{{OF_MODEL}}}"),
                        "farthest tenth",
                    ),
                    unit="percentunit",
                    limits=((0.1, "text"),),
                    highest=1.0,
                ),
            ),
        ),
    ),
)
