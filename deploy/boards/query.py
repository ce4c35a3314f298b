"""What a panel asks Prometheus."""

import dataclasses
from typing import Any, Final, Literal, final

DATASOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
# Of one job; where a metric is a model's, of that model.
OF_JOB: Final = 'job="$job"'
OF_MODEL: Final = 'job="$job", model="$model"'


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Query:
    """One expression.

    Attributes
    ----------
    expr
        In PromQL, with Grafana's variables.
    legend
        How a series is called; labels in double braces.
    instant
        Whether only the newest value is wanted.
    form
        What Grafana makes of the answer.

    """

    expr: str
    legend: str = ""
    instant: bool = False
    form: Literal["time_series", "table", "heatmap"] = "time_series"

    def record(self, number: int) -> dict[str, Any]:
        """Write it as Grafana does."""
        return {
            "refId": chr(ord("A") + number),
            "datasource": DATASOURCE,
            "editorMode": "code",
            "expr": self.expr,
            "legendFormat": self.legend,
            "instant": self.instant,
            "range": not self.instant,
            "format": self.form,
        }


def of_job(name: str) -> str:
    """Select a metric of the job."""
    return f"{name}{{{OF_JOB}}}"


def rate(series: str, by: str = "") -> str:
    """Give what counters gain in a second, all workers and replicas together."""
    grouped = f" by ({by}) " if by else ""
    return f"sum{grouped}(rate({series}[$__rate_interval]))"


def quantile(share: float, buckets: str, by: str = "le") -> str:
    """Give a quantile of a histogram."""
    return f"histogram_quantile({share}, {rate(buckets, by)})"
