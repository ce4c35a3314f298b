"""One picture of a dashboard, as Grafana keeps it."""

import dataclasses
from collections.abc import Mapping
from typing import Any, final

from deploy.boards.query import DATASOURCE, Query


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    """What is different for some series.

    Attributes
    ----------
    pattern
        A regular expression that their whole names fit.
    changes
        Grafana's property to its value.

    """

    pattern: str
    changes: Mapping[str, Any]

    def record(self) -> dict[str, Any]:
        """Write it as Grafana does."""
        return {
            "matcher": {"id": "byRegexp", "options": f"/^(?:{self.pattern})$/"},
            "properties": [{"id": name, "value": value} for name, value in self.changes.items()],
        }


def coloured(pattern: str, colour: str) -> Named:
    """Give some series a colour."""
    return Named(pattern, {"color": {"mode": "fixed", "fixedColor": colour}})


@final
@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A picture.

    Attributes
    ----------
    kind
        Grafana's name of it.
    title, description
        What is seen, and what it means.
    queries
        What is drawn.
    unit
        Grafana's name of it.
    lowest, highest
        Where the axis ends; None leaves it to the values.
    limits
        From which value on which colour counts.
    colour
        Of everything; None takes the palette's in turn, or the limits'.
    custom, options
        What is the kind's own.
    named
        Series that look differently.
    steps
        What is done with the answers before they are drawn.
    width, height
        In the dashboard's grid, which is 24 wide.

    """

    kind: str
    title: str
    description: str
    queries: tuple[Query, ...]
    unit: str = "short"
    lowest: float | None = 0.0
    highest: float | None = None
    limits: tuple[tuple[float, str], ...] = ()
    colour: str | None = None
    custom: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    options: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    named: tuple[Named, ...] = ()
    steps: tuple[Mapping[str, Any], ...] = ()
    width: int = 12
    height: int = 8

    def record(self, number: int, x: int, y: int) -> dict[str, Any]:
        """Write it as Grafana does, at its place."""
        return {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": DATASOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "targets": [query.record(place) for place, query in enumerate(self.queries)],
            "fieldConfig": {
                "defaults": self._defaults(),
                "overrides": [one.record() for one in self.named],
            },
            "options": dict(self.options),
            "transformations": [dict(step) for step in self.steps],
        }

    def _defaults(self) -> dict[str, Any]:
        first = {"color": self.colour or "green", "value": None}
        steps = [first, *({"color": colour, "value": value} for value, colour in self.limits)]
        found: dict[str, Any] = {
            "unit": self.unit,
            "color": self._color(),
            "thresholds": {"mode": "absolute", "steps": steps},
            "custom": dict(self.custom),
        }
        ends = {"min": self.lowest, "max": self.highest}
        return found | {name: end for name, end in ends.items() if end is not None}

    def _color(self) -> dict[str, Any]:
        if self.colour is not None and not self.limits:
            return {"mode": "fixed", "fixedColor": self.colour}
        by_limit = self.kind in {"stat", "bargauge"} and self.limits
        return {"mode": "thresholds" if by_limit else "palette-classic"}
