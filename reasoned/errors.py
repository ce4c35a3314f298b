"""Every error that the package raises on purpose, beside those of the explainers."""

from explainers.errors import ReasonedError


class ImageError(ReasonedError, ValueError):
    """An image cannot be used; the subclasses say in which way."""


class UnsupportedImageError(ImageError):
    """The bytes are not PNG, JPEG or WEBP, whatever their name or header says."""


class BrokenImageError(ImageError):
    """The bytes claim a format that is read here, but cannot be decoded."""


class ImageTooLargeError(ImageError):
    """The picture has more pixels than are decoded here."""


class UnanswerableImageError(ImageError):
    """The network gives nothing for this image that could be reported."""


class OptionsError(ReasonedError, ValueError):
    """A request's options or fields are not as documented."""


class DataError(ReasonedError, ValueError):
    """A data set is missing, incomplete or not in the expected layout."""


class DownloadError(DataError):
    """A download failed or did not match its checksum."""


class NetworkError(ReasonedError, ValueError):
    """A network cannot be loaded, tapped, exported or trusted on the given data."""


class FolderError(ReasonedError, ValueError):
    """A model folder is incomplete, changed, or from a future version."""


class ReplayError(ReasonedError, ValueError):
    """A recorded answer cannot be computed again: too little is kept, or it is another model's."""


class AuditError(ReasonedError, ValueError):
    """An export cannot be written, or cannot be read; the message says what to do."""


class SettingsError(ReasonedError, ValueError):
    """The service's settings do not allow a safe start."""


class FeedbackError(ReasonedError, ValueError):
    """A decision takes no more feedback."""


class LedgerError(ReasonedError, RuntimeError):
    """The ledger cannot be opened; the message says what is wrong with it."""
