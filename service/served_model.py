"""What the service asks of a model."""

from typing import Protocol

from explainers.arrays import ByteArray
from reasoned.drift.reference import Reference
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.mentions import Mentions
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered


class Decoder(Protocol):
    """Turns what a request holds into pixels."""

    def decode(self, data: bytes, *, most_pixels: int = ...) -> ByteArray:
        """Decode an image file of so many pixels; raise an `ImageError` where that fails."""
        ...

    def decode_pixels(self, pixels: object) -> ByteArray:
        """Take nested lists; raise `OptionsError` or an `ImageError` where that fails."""
        ...


class ServedModel(Decoder, Protocol):
    """A loaded model; safe to ask from several threads at a time."""

    @property
    def name(self) -> str:
        """What the model is called."""
        ...

    @property
    def version(self) -> str:
        """Which version of it this is."""
        ...

    @property
    def sha256(self) -> str:
        """The digest of its manifest."""
        ...

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, in the order of the logits."""
        ...

    @property
    def methods(self) -> tuple[str, ...]:
        """Name the packaged methods."""
        ...

    @property
    def request_ms(self) -> float:
        """How long a default reply took when the model was fitted, in milliseconds."""
        ...

    @property
    def reference(self) -> Reference | None:
        """What the drift detectors compare with; None where there is nothing."""
        ...

    @property
    def card(self) -> bytes:
        """Describe the model as JSON."""
        ...

    @property
    def tree_svg(self) -> bytes | None:
        """Draw the whole tree, if there is one."""
        ...

    @property
    def disclosure(self) -> Disclosure:
        """How training images are shown."""
        ...

    @property
    def hidden(self) -> Mentions:
        """The ids of training images that must appear nowhere, under the disclosure."""
        ...

    def disclosing(self, disclosure: Disclosure) -> "ServedModel":
        """Give the same model, answering under a disclosure; cheap."""
        ...

    def shows(self, example_id: str) -> bool:
        """Tell whether it can show a training image of that id, to anybody."""
        ...

    def example_png(self, example_id: str) -> bytes | None:
        """Give a representative example's thumbnail, or None where there is no such id."""
        ...

    def region_png(self, method: str, region: str) -> bytes | None:
        """Draw what a region means, or give None where there is nothing to draw."""
        ...

    def seen(self, image: ByteArray) -> ByteArray:
        """Give an image as the network sees it, in its size and channels."""
        ...

    def answer(
        self, image: ByteArray, options: ReplyOptions, *, request_id: str, started: float
    ) -> Answered:
        """Answer one image with a complete JSON reply, and what is to be recorded of it."""
        ...
