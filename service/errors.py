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


class NotFoundError(RequestError):
    """The model has no such thing."""


class ExposedError(RequestError):
    """The service can be reached from other machines and has no API keys."""


class PackagingError(ReasonedError, RuntimeError):
    """A Bento cannot be built; the message says why."""
