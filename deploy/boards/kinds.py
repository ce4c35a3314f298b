"""The kinds of pictures that the dashboards have."""

from collections.abc import Mapping
from typing import Final, Literal, TypedDict, Unpack, final

from deploy.boards.panel import Named, Panel
from deploy.boards.query import Query

Limits = tuple[tuple[float, str], ...]
_LEGEND: Final = {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []}


@final
class Look(TypedDict, total=False):
    """What every kind of picture may be given; see `Panel`."""

    unit: str
    lowest: float | None
    highest: float | None
    limits: Limits
    colour: str
    named: tuple[Named, ...]
    width: int
    height: int


def lines(
    title: str,
    description: str,
    *queries: Query,
    stacked: Literal["none", "normal", "percent"] = "none",
    **look: Unpack[Look],
) -> Panel:
    """Draw series over time; limits are drawn as dashed lines."""
    custom = {
        "drawStyle": "line",
        "lineWidth": 1,
        "fillOpacity": 0 if stacked == "none" else 40,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": stacked, "group": "A"},
        "thresholdsStyle": {"mode": "dashed" if look.get("limits") else "off"},
    }
    options = {"legend": _LEGEND, "tooltip": {"mode": "multi", "sort": "desc"}}
    return Panel(
        kind="timeseries",
        title=title,
        description=description,
        queries=queries,
        custom=custom,
        options=options,
        **look,
    )


def figure(title: str, description: str, query: Query, **look: Unpack[Look]) -> Panel:
    """Show one number."""
    options = {
        "colorMode": "value" if look.get("limits") else "none",
        "graphMode": "none",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "textMode": "auto",
    }
    return Panel(
        kind="stat",
        title=title,
        description=description,
        queries=(query,),
        options=options,
        **(Look(width=6, height=4) | look),
    )


def bars(title: str, description: str, query: Query, **look: Unpack[Look]) -> Panel:
    """Show one bar for each series."""
    options = {
        "displayMode": "basic",
        "orientation": "horizontal",
        "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False},
        "showUnfilled": True,
    }
    return Panel(
        kind="bargauge",
        title=title,
        description=description,
        queries=(query,),
        options=options,
        **look,
    )


def spread(title: str, description: str, expr: str) -> Panel:
    """Draw how a histogram's buckets fill over time."""
    options = {
        "calculate": False,
        "cellGap": 1,
        "color": {"mode": "scheme", "scheme": "Blues", "steps": 64, "reverse": False},
        "filterValues": {"le": 1e-9},
        "legend": {"show": True},
        "rowsFrame": {"layout": "auto"},
        "tooltip": {"mode": "single", "yHistogram": False},
        "yAxis": {"axisPlacement": "left", "reverse": False, "unit": "short"},
    }
    query = Query(expr, "{{le}}", form="heatmap")
    return Panel(
        kind="heatmap",
        title=title,
        description=description,
        queries=(query,),
        lowest=None,
        options=options,
    )


def listing(
    title: str,
    description: str,
    query: Query,
    *,
    hidden: Mapping[str, bool],
    **look: Unpack[Look],
) -> Panel:
    """Show a table; `hidden` names columns that say nothing."""
    arrange = {"id": "organize", "options": {"excludeByName": {"Time": True, **hidden}}}
    return Panel(
        kind="table",
        title=title,
        description=description,
        queries=(query,),
        options={"showHeader": True, "cellHeight": "sm"},
        steps=(arrange,),
        **look,
    )


def paired(title: str, description: str, query: Query, rows: str, columns: str) -> Panel:
    """Draw bars side by side: a group for each of one label's values, a bar for another's."""
    turn = {"rowField": rows, "columnField": columns, "valueField": "Value"}
    options = {
        "orientation": "vertical",
        "xField": f"{rows}\\{columns}",
        "xTickLabelRotation": -45,
        "groupWidth": 0.8,
        "stacking": "none",
        "showValue": "never",
        "legend": _LEGEND,
        "tooltip": {"mode": "multi", "sort": "none"},
    }
    return Panel(
        kind="barchart",
        title=title,
        description=description,
        queries=(query,),
        unit="percentunit",
        options=options,
        steps=({"id": "groupingToMatrix", "options": turn},),
        width=24,
        height=10,
    )
