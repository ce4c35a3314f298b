"""What the service keeps, and what it takes: two rows of its dashboard."""

from typing import Final

from deploy.boards.board import Row
from deploy.boards.kinds import figure, lines
from deploy.boards.panel import coloured
from deploy.boards.query import Query, of_job, rate

LEDGER: Final = Row(
    "Ledger",
    (
        lines(
            "How full it is",
            "Share of the rows and of the bytes that it may hold; at 100 % the oldest decisions "
            "go before their time. Replicas that share it show the same.",
            Query(
                f"max({of_job('reasoned_ledger_rows')} / {of_job('reasoned_ledger_limit_rows')})",
                "rows",
            ),
            Query(
                f"max({of_job('reasoned_ledger_bytes')} / {of_job('reasoned_ledger_limit_bytes')})",
                "bytes",
            ),
            unit="percentunit",
            limits=((0.9, "red"),),
        ),
        figure(
            "Decisions held",
            "Rows of the ledger.",
            Query(f"max({of_job('reasoned_ledger_rows')})", instant=True),
            unit="short",
            height=8,
        ),
        figure(
            "Size",
            "What they take, with replies and what is kept of images.",
            Query(f"max({of_job('reasoned_ledger_bytes')})", instant=True),
            unit="bytes",
            height=8,
        ),
        lines(
            "Written and lost",
            "Rows a second; lost are those without a place in the queue (`full`) and those that "
            "the database would not take (`failed`).",
            Query(rate(of_job("reasoned_ledger_written_total")), "written"),
            Query(rate(of_job("reasoned_ledger_dropped_total"), "reason"), "lost: {{reason}}"),
            unit="cps",
            named=(coloured("written", "green"), coloured("lost: .*", "red")),
        ),
        lines(
            "Waiting",
            "Rows that are still to be written, of each replica.",
            Query(f"sum by (instance) ({of_job('reasoned_ledger_waiting')})", "{{instance}}"),
        ),
        lines(
            "Errors",
            "Failed reads for these metrics, and failed steps of detectors and retention.",
            Query(rate(of_job("reasoned_ledger_errors_total"), "instance"), "{{instance}}"),
            unit="cps",
        ),
        lines(
            "Behind the ledger",
            "Recorded requests that the drift detectors have not looked at.",
            Query(f"max({of_job('reasoned_monitor_lag_requests')})", "requests"),
            limits=((10_000.0, "red"),),
        ),
    ),
)

PROCESSES: Final = Row(
    "Processes",
    (
        lines(
            "Processor",
            "Cores, all workers of a replica together.",
            Query(rate(of_job("reasoned_cpu_seconds_total"), "instance"), "{{instance}}"),
            width=8,
        ),
        lines(
            "Memory",
            "Resident, all workers of a replica together.",
            Query(
                f"sum by (instance) ({of_job('reasoned_resident_memory_bytes')})", "{{instance}}"
            ),
            unit="bytes",
            width=8,
        ),
        lines(
            "Workers",
            "Living worker processes of each replica.",
            Query(f"sum by (instance) ({of_job('reasoned_workers')})", "{{instance}}"),
            width=4,
        ),
        lines(
            "Up for",
            "Age of the oldest worker of each replica.",
            Query(
                f"time() - min by (instance) ({of_job('reasoned_start_timestamp_seconds')})",
                "{{instance}}",
            ),
            unit="s",
            width=4,
        ),
    ),
)
