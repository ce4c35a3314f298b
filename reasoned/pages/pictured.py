"""What a page may show of a model."""

from typing import Protocol, final

from explainers.arrays import ByteArray


class Pictured(Protocol):
    """Whatever has the pictures that a reply mentions."""

    @property
    def sha256(self) -> str:
        """The digest of the model's manifest: ids name other images in another model."""
        ...

    def example_png(self, example_id: str) -> bytes | None:
        """Give a training image's thumbnail, or None where there is none to be shown."""
        ...

    def region_png(self, method: str, region: str) -> bytes | None:
        """Draw what a region means, or give None where there is nothing to draw."""
        ...

    def seen(self, image: ByteArray) -> ByteArray:
        """Give an image as the network sees it: shape (rows, columns, channels)."""
        ...


@final
class Unpictured:
    """A model that is not at hand: there is nothing to show."""

    sha256 = ""

    def example_png(self, example_id: str) -> bytes | None:  # noqa: ARG002  the contract
        """Give nothing."""
        return None

    def region_png(self, method: str, region: str) -> bytes | None:  # noqa: ARG002  the contract
        """Give nothing."""
        return None

    def seen(self, image: ByteArray) -> ByteArray:
        """Give the image as it is."""
        return image
