"""Why a trial ends early."""

from explainers.errors import ReasonedError


class TrialError(ReasonedError):
    """What was built or run is not as it must be."""


class ForbiddenError(ReasonedError):
    """No container can be built or run on this machine: nothing is known of ours."""
