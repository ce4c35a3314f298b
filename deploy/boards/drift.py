"""The dashboard of drift."""

from typing import Final

from deploy.boards.board import Board, Row
from deploy.boards.kinds import bars, figure, lines, listing, paired
from deploy.boards.panel import Named
from deploy.boards.query import OF_JOB, OF_MODEL, Query

# Every replica shows what is in the ledger: the same, hence max and never a sum.
_EVIDENCE: Final = f"max by (signal) (reasoned_evidence_log10{{{OF_MODEL}}})"
_THRESHOLD: Final = f"max(reasoned_evidence_threshold_log10{{{OF_MODEL}}})"
_ALARMS: Final = f"max by (signal) (reasoned_drift_alarms_total{{{OF_MODEL}}})"
_LIVE: Final = f'max by (cluster) (reasoned_cluster_share{{{OF_MODEL}, window="live"}})'
_BEFORE: Final = f'max by (cluster) (reasoned_cluster_share{{{OF_MODEL}, window="reference"}})'
_LAG: Final = f"max(reasoned_monitor_lag_requests{{{OF_JOB}}})"
_AGE: Final = f"time() - min(reasoned_monitor_updated_timestamp_seconds{{{OF_JOB}}})"
_RED_LINE: Final = Named(
    "threshold",
    {
        "color": {"mode": "fixed", "fixedColor": "red"},
        "custom.lineStyle": {"fill": "dash", "dash": [10, 10]},
    },
)

BOARD: Final = Board(
    name="drift",
    title="drift",
    description="Whether explanations look as they did on held-out images when the model was made.",
    since="now-24h",
    rows=(
        Row(
            "Detectors",
            (
                figure(
                    "Alarms, ever",
                    "Alarms that the detectors of this model raised; `/v1/alarms` shows each.",
                    Query(f"sum({_ALARMS})", instant=True),
                    unit="short",
                    limits=((1.0, "red"),),
                ),
                figure(
                    "Most evidence",
                    "Of all detectors, as a share of the threshold, both as logarithms. An alarm "
                    "is raised at 100 %; what is below means nothing yet.",
                    Query(f"max({_EVIDENCE}) / {_THRESHOLD}", instant=True),
                    unit="percentunit",
                    limits=((1.0, "red"),),
                ),
                figure(
                    "Requests not looked at yet",
                    "Recorded requests that the detectors have still before them.",
                    Query(_LAG, instant=True),
                    unit="short",
                    limits=((10_000.0, "red"),),
                ),
                figure(
                    "Since the detectors last went on",
                    "Some seconds, where they run.",
                    Query(_AGE, instant=True),
                    unit="s",
                    limits=((120.0, "red"),),
                ),
                lines(
                    "Evidence of drift",
                    "Decimal logarithm: 3 is a thousand to one. An alarm is raised where a line "
                    "comes to the threshold, which keeps false alarms a run length apart on "
                    "average, all detectors together; the detector then begins anew.",
                    Query(_EVIDENCE, "{{signal}}"),
                    Query(_THRESHOLD, "threshold"),
                    named=(_RED_LINE,),
                    width=16,
                    height=10,
                ),
                bars(
                    "Evidence now",
                    "As a share of the threshold, both as logarithms.",
                    Query(
                        f"{_EVIDENCE} / on () group_left () {_THRESHOLD}",
                        "{{signal}}",
                        instant=True,
                    ),
                    unit="percentunit",
                    highest=1.0,
                    colour="blue",
                    limits=((1.0, "red"),),
                    width=8,
                    height=10,
                ),
                lines(
                    "Alarms",
                    "How many each detector has raised.",
                    Query(_ALARMS, "{{signal}}"),
                    width=16,
                ),
                listing(
                    "Alarms by detector",
                    "How many each has raised, ever; `/v1/alarms` shows the requests.",
                    Query(_ALARMS, instant=True, form="table"),
                    hidden={},
                    width=8,
                ),
            ),
        ),
        Row(
            "Clusters",
            (
                paired(
                    "Cluster shares, now and at fit time",
                    "Share of the images whose nearest example is of each cluster: of the last "
                    "requests, and of held-out images. To look at; the detector `cluster` decides.",
                    Query(
                        f"max by (cluster, window) (reasoned_cluster_share{{{OF_MODEL}}})",
                        instant=True,
                        form="table",
                    ),
                    rows="cluster",
                    columns="window",
                ),
                lines(
                    "The ten clusters that changed most",
                    "Share of the last requests less the share at fit time.",
                    Query(f"topk(10, abs({_LIVE} - {_BEFORE}))", "{{cluster}}"),
                    unit="percentunit",
                    width=24,
                ),
            ),
        ),
        Row(
            "Keeping up",
            (
                lines(
                    "Requests not looked at yet",
                    "Rises while requests come faster than the detectors count them.",
                    Query(_LAG, "requests"),
                    limits=((10_000.0, "red"),),
                ),
                lines(
                    "Since the detectors last went on",
                    "Some seconds, where they run.",
                    Query(_AGE, "age"),
                    unit="s",
                    limits=((120.0, "red"),),
                ),
            ),
        ),
    ),
)
