"""The table of the runs on production, for README.md and its page."""

from collections.abc import Mapping
from typing import Any, Final

_ROWS: Final = (
    ("null_alarmed_share", "null streams of 20,000 requests with an alarm, of 200", "at most 0.26"),
    ("disagreement_delay", "requests until disagreement at 5x its bound is found", "at most 300"),
    (
        "cluster_shift_delay",
        "requests until 10 % of the traffic in the rarest of 40 clusters is found",
        "at most 200",
    ),
    ("added_us_per_request", "ledger and detectors in process, CPU us a request", "at most 100"),
    ("cpu_ratio", "CPU a request over HTTP, with both / with both off", "at most 1.08"),
    ("ledger_rows_per_second", "rows written a second, on and on", "at least 1,000"),
    ("by_id_p99_ms", "a read by id among 1,000,000 rows, 99 of 100, ms", "at most 5"),
    ("kill9_lost_rows_unaccounted", "rows unaccounted for after 20 kills", "0"),
    ("replay_equal", "answers that replay equal, of 100", "100"),
    ("container_mb", "container, MB on top of its base", "at most 350"),
    ("container_ready_seconds", "container, seconds until it is ready", "at most 3"),
)


def tables(found: Mapping[str, Any]) -> dict[str, str]:
    """Write the table, by the mark that it stands between."""
    lines = ["| in production | found | wanted |", "|---|---|---|"]
    lines += [f"| {words} | {_shown(found[key])} | {wanted} |" for key, words, wanted in _ROWS]
    return {"production": "\n".join(lines)}


def _shown(value: float | None) -> str:
    return "not measured" if value is None else f"{float(f'{value:.4g}'):,g}"
