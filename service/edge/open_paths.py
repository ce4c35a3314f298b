"""The paths by which an orchestrator asks how the service is."""

from typing import Final

OPEN_PATHS: Final = frozenset({"/livez", "/readyz", "/healthz"})
