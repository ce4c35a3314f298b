"""The paths by which an orchestrator asks how the service is."""

from typing import Final

OPEN_PATHS: Final = frozenset({"/livez", "/readyz", "/healthz"})
METRICS_PATH: Final = "/metrics"
# Neither admission nor rate limits count these: they are asked for just when it is busy.
UNCOUNTED_PATHS: Final = OPEN_PATHS | {METRICS_PATH}
