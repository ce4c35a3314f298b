"""Every error that the service raises on purpose, beside those of image and options."""

from explainers.errors import ReasonedError


class RequestError(ReasonedError, ValueError):
    """A request cannot be served; the subclasses say why."""


class UnreadableBodyError(RequestError):
    """The body is not what its content type promises."""


class MediaTypeError(RequestError):
    """The body comes in a content type that this route does not take."""


class BodyTooLargeError(RequestError):
    """The body is longer, or holds more values, than is read here."""


class BusyError(RequestError):
    """As much work is under way as this process takes on."""


class UnauthorizedError(RequestError):
    """No API key came, or none that is known."""


class ForbiddenError(RequestError):
    """The key is known, but does not have the scope that the route wants."""


class RateLimitedError(RequestError):
    """The key has asked as often as it may for now."""


class NotFoundError(RequestError):
    """The model has no such thing."""


class ConflictError(RequestError):
    """What is asked for cannot be done as this service is set up; the message says how it can."""


class LedgerFullError(RequestError):
    """A request cannot be recorded, and the settings want every request recorded."""


class ExposedError(RequestError):
    """The service can be reached from other machines and has no API keys."""


class StrangeHostError(RequestError):
    """A service without API keys was called by the name of another machine."""


class PackagingError(ReasonedError, RuntimeError):
    """A Bento cannot be built; the message says why."""
