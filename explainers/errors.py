"""Every error that the explainers raise on purpose."""


class ReasonedError(Exception):
    """Base of every error raised on purpose in this project."""


class ShapeError(ReasonedError, ValueError):
    """An array does not have the shape that was asked for."""


class ArtefactError(ReasonedError, ValueError):
    """A stored model holds something that must not be used."""


class NotApplicableError(ReasonedError, ValueError):
    """A method cannot explain this network; the message says why."""


class FittingError(ReasonedError, ValueError):
    """The data or the settings do not allow a fit; the message says what to change."""
