"""A dashboard, in the JSON that Grafana calls classic."""

import dataclasses
from collections.abc import Iterable
from typing import Any, Final, final

from deploy.boards.panel import Panel
from deploy.boards.query import DATASOURCE

_WIDTH: Final = 24
_TAG: Final = "reasoned"
_NAMES: Final = {
    "barchart": "Bar chart",
    "bargauge": "Bar gauge",
    "heatmap": "Heatmap",
    "stat": "Stat",
    "table": "Table",
    "timeseries": "Time series",
}


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """Panels under one heading."""

    title: str
    panels: tuple[Panel, ...]


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Board:
    """A dashboard.

    Attributes
    ----------
    name
        Of its file, and of its address.
    title, description
        For people.
    rows
        What is on it.
    since
        What it shows at first.

    """

    name: str
    title: str
    description: str
    rows: tuple[Row, ...]
    since: str = "now-6h"

    @property
    def panels(self) -> tuple[Panel, ...]:
        """Every picture."""
        return tuple(panel for row in self.rows for panel in row.panels)

    def record(self) -> dict[str, Any]:
        """Write it as Grafana does.

        The data source is a variable, and `__inputs` is empty: Grafana asks for inputs where a
        dashboard is imported by hand, but leaves them unresolved in provisioned files.
        """
        return {
            "__inputs": [],
            "__elements": {},
            "__requires": _required(panel.kind for panel in self.panels),
            "uid": f"reasoned-{self.name}",
            "title": f"reasoned: {self.title}",
            "description": self.description,
            "tags": [_TAG],
            "schemaVersion": 39,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "refresh": "30s",
            "time": {"from": self.since, "to": "now"},
            "timezone": "browser",
            "annotations": {"list": [_ALARMS]},
            "links": [_links()],
            "templating": {"list": _variables()},
            "panels": _placed(self.rows),
        }


def _placed(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Lay panels out from left to right, and rows from top to bottom."""
    found: list[dict[str, Any]] = []
    top = 0
    for row in rows:
        place = {"x": 0, "y": top, "w": _WIDTH, "h": 1}
        heading = {"id": len(found) + 1, "type": "row", "title": row.title, "gridPos": place}
        found.append(heading | {"collapsed": False, "panels": []})
        x, y, below = 0, top + 1, top + 1
        for panel in row.panels:
            if x + panel.width > _WIDTH:
                x, y = 0, below
            found.append(panel.record(len(found) + 1, x, y))
            x, below = x + panel.width, max(below, y + panel.height)
        top = below
    return found


# Alarms of drift stand in every picture: what else happened at that time is the first question.
_ALARMS: Final = {
    "name": "Alarms of drift",
    "datasource": DATASOURCE,
    "enable": True,
    "iconColor": "red",
    "expr": (
        "max by (signal) (increase("
        'reasoned_drift_alarms_total{job="$job", model="$model"}[$__rate_interval])) > 0'
    ),
    "step": "60s",
    "titleFormat": "{{signal}}",
    "useValueForTime": False,
}


def _variables() -> list[dict[str, Any]]:
    source = {
        "name": "datasource",
        "label": "Data source",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "refresh": 1,
    }
    job = _variable("job", "Job", "label_values(reasoned_model_info, job)")
    model = _variable("model", "Model", 'label_values(reasoned_model_info{job="$job"}, model)')
    return [source, job, model]


def _variable(name: str, label: str, query: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": DATASOURCE,
        "definition": query,
        "query": {"query": query, "refId": name},
        "current": {},
        "hide": 0,
        "includeAll": False,
        "multi": False,
        "refresh": 2,
        "sort": 1,
    }


def _links() -> dict[str, Any]:
    return {
        "type": "dashboards",
        "title": "reasoned",
        "tags": [_TAG],
        "asDropdown": False,
        "includeVars": True,
        "keepTime": True,
        "targetBlank": False,
    }


def _required(kinds: Iterable[str]) -> list[dict[str, str]]:
    panels = [("panel", kind, _NAMES[kind], "") for kind in sorted(set(kinds))]
    others = [
        ("grafana", "grafana", "Grafana", "11.0.0"),
        ("datasource", "prometheus", "Prometheus", "1.0.0"),
    ]
    keys = ("type", "id", "name", "version")
    return [dict(zip(keys, one, strict=True)) for one in (*others, *panels)]
