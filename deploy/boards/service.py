"""The dashboard of the service itself."""

from typing import Final

from deploy.boards.board import Board, Row
from deploy.boards.kinds import figure, lines, listing
from deploy.boards.panel import coloured
from deploy.boards.query import OF_JOB, Query, of_job, quantile, rate
from deploy.boards.service_state import LEDGER, PROCESSES

# What people ask for: not the probes, and not what scanners try.
_ASKED: Final = f'{OF_JOB}, route=~"/v1/.*|/predict"'
_REQUESTS: Final = f"reasoned_requests_total{{{_ASKED}}}"
_FAILED: Final = f'reasoned_requests_total{{{_ASKED}, code=~"5.."}}'
_TOOK: Final = f'{OF_JOB}, route="/v1/predict", status_class="2xx"'
_CODES: Final = (coloured("2..", "green"), coloured("4..", "yellow"), coloured("5..", "red"))
_CLASSES: Final = (coloured("2xx", "green"), coloured("4xx", "yellow"), coloured("5xx", "red"))

# No series of 5xx stands for none of them.
_ERROR_RATIO: Final = f"({rate(_FAILED)} or 0 * {rate(_REQUESTS)}) / {rate(_REQUESTS)}"
_PREDICT: Final = f"reasoned_request_duration_seconds_bucket{{{_TOOK}}}"
_STAGES: Final = of_job("reasoned_stage_duration_seconds_bucket")

_GLANCE: Final = Row(
    "At a glance",
    (
        figure(
            "Replicas that answer",
            "Targets of this job that give metrics.",
            Query(f"sum(up{{{OF_JOB}}})", instant=True),
            unit="short",
            colour="red",
            limits=((1.0, "green"),),
        ),
        figure(
            "Requests",
            "To `/v1` and `/predict`; probes and unknown paths are left out.",
            Query(rate(_REQUESTS), instant=True),
            unit="reqps",
        ),
        figure(
            "Failed requests",
            "Share that was answered with 5xx; above 5 % somebody is called.",
            Query(_ERROR_RATIO, instant=True),
            unit="percentunit",
            limits=((0.05, "red"),),
        ),
        figure(
            "99 % of predictions within",
            "Of `POST /v1/predict` with 2xx; above half a second somebody is called.",
            Query(quantile(0.99, _PREDICT), instant=True),
            unit="s",
            limits=((0.5, "red"),),
        ),
        listing(
            "Models",
            "What each replica serves.",
            Query(of_job("reasoned_model_info"), instant=True, form="table"),
            hidden={"__name__": True, "job": True, "Value": True},
            width=14,
            height=5,
        ),
        listing(
            "Software",
            "By which release each replica serves it.",
            Query(of_job("reasoned_build_info"), instant=True, form="table"),
            hidden={"__name__": True, "job": True, "Value": True},
            width=10,
            height=5,
        ),
    ),
)

_TRAFFIC: Final = Row(
    "Requests",
    (
        lines(
            "By route",
            "Templates of routes; whatever is none of them is `unmatched`.",
            Query(rate(of_job("reasoned_requests_total"), "route"), "{{route}}"),
            unit="reqps",
            stacked="normal",
        ),
        lines(
            "By status",
            "429: too many at a time, or a key's rate limit; 499: the client left; "
            "503: a strict ledger cannot take the row; 504: longer than REASONED_TIMEOUT.",
            Query(rate(of_job("reasoned_requests_total"), "code"), "{{code}}"),
            unit="reqps",
            stacked="normal",
            named=_CODES,
        ),
        lines(
            "Share of failed requests",
            "Answered with 5xx, of those to `/v1` and `/predict`.",
            Query(_ERROR_RATIO, "5xx"),
            unit="percentunit",
            limits=((0.05, "red"),),
        ),
        lines(
            "In progress",
            "Requests under way, of each replica; REASONED_MOST_IN_FLIGHT holds for one worker.",
            Query(f"sum by (instance) ({of_job('reasoned_requests_in_progress')})", "{{instance}}"),
            stacked="normal",
        ),
    ),
)

_LATENCY: Final = Row(
    "Latency",
    (
        lines(
            "POST /v1/predict",
            "Of answers with 2xx, from the request's head to the answer's end.",
            *(Query(quantile(q, _PREDICT), f"{q:.0%}") for q in (0.5, 0.9, 0.99)),
            unit="s",
            limits=((0.5, "red"),),
        ),
        lines(
            "By route, 99 %",
            "Of all answers.",
            Query(
                quantile(0.99, of_job("reasoned_request_duration_seconds_bucket"), "le, route"),
                "{{route}}",
            ),
            unit="s",
        ),
        lines(
            "By status, 99 %",
            "Refusals are quick; failures are as late as what they waited for.",
            Query(
                quantile(
                    0.99,
                    f"reasoned_request_duration_seconds_bucket{{{_ASKED}}}",
                    "le, status_class",
                ),
                "{{status_class}}",
            ),
            unit="s",
            named=_CLASSES,
        ),
        lines(
            "Steps of an answer, 99 %",
            "Decoding the image, the network, nearest examples, explanation, and handing the "
            "answer to the ledger.",
            Query(quantile(0.99, _STAGES, "le, stage"), "{{stage}}"),
            unit="s",
        ),
        lines(
            "Steps of an answer, median",
            "The same; where the time goes on most days.",
            Query(quantile(0.5, _STAGES, "le, stage"), "{{stage}}"),
            unit="s",
        ),
        lines(
            "Steps of an answer, seconds in a second",
            "How much each step works, all workers together: 1 is one core that does nothing else.",
            Query(rate(of_job("reasoned_stage_duration_seconds_sum"), "stage"), "{{stage}}"),
            stacked="normal",
        ),
    ),
)

BOARD: Final = Board(
    name="service",
    title="service",
    description="Whether the service answers, how fast, and whether it records what it answers.",
    rows=(_GLANCE, _TRAFFIC, _LATENCY, LEDGER, PROCESSES),
    since="now-3h",
)
