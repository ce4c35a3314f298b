"""A model with a closed form, for what does not depend on the network: mean brightness."""

import dataclasses
import io
from collections.abc import Callable
from typing import final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray
from reasoned.drift.reference import Reference
from reasoned.images.decode import MOST_PIXELS, decode_image
from reasoned.images.pixels import pixels_image
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.mentions import Mentions
from reasoned.reply.options import ReplyOptions
from reasoned.reply.outcome import Answered, Outcome
from reasoned.reply.schema import (
    ClassName,
    ClassProbability,
    Example,
    Explanation,
    ModelReference,
    Prediction,
    Reply,
)
from reasoned.reply.screen import Screen

CLASSES = ("dark", "bright")
KNOWN = frozenset({"train-9", "train-8"})  # the ids of its training images


def nothing() -> None:
    """Do nothing while a reply is made."""


@final
@dataclasses.dataclass(frozen=True)
class BrightnessModel:
    """Calls an image bright when its mean is above 127; `during` runs inside each reply."""

    name: str = "brightness"
    version: str = "1"
    classes: tuple[str, ...] = CLASSES
    methods: tuple[str, ...] = ("meta_forest", "additive")
    request_ms: float = 0.1
    sha256: str = "0" * 64
    reference: Reference | None = None
    card: bytes = b'{"name":"brightness"}'
    tree_svg: bytes | None = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
    during: Callable[[], None] = nothing
    disclosure: Disclosure = FULL

    def disclosing(self, disclosure: Disclosure) -> "BrightnessModel":
        return dataclasses.replace(self, disclosure=disclosure)

    def shows(self, example_id: str) -> bool:
        return example_id in KNOWN

    @property
    def hidden(self) -> Mentions:
        return Screen.of(self.disclosure, KNOWN).hidden

    def decode(self, data: bytes, *, most_pixels: int = MOST_PIXELS) -> ByteArray:
        return decode_image(data, most_pixels=most_pixels)

    def decode_pixels(self, pixels: object) -> ByteArray:
        return pixels_image(pixels)

    def example_png(self, example_id: str) -> bytes | None:
        shown = example_id == "train-9" and example_id not in self.disclosure.withheld
        return png(9) if shown else None

    def region_png(self, method: str, region: str) -> bytes | None:
        return png(7) if (method, region) == ("meta_forest", "leaf-7") else None

    def seen(self, image: ByteArray) -> ByteArray:
        return image

    def answer(
        self, image: ByteArray, options: ReplyOptions, *, request_id: str, started: float
    ) -> Answered:
        self.during()
        share = round(float(image.mean()) / 255, 6)
        index = int(share > 0.5)
        top = [
            ClassProbability(label=CLASSES[i], index=i, probability=p)
            for i, p in sorted(enumerate((1 - share, share)), key=lambda pair: -pair[1])
        ]
        reply = Reply(
            id=request_id,
            model=ModelReference(name=self.name, version=self.version, sha256="0" * 64),
            prediction=Prediction(
                label=CLASSES[index], index=index, probability=top[0].probability, top=top
            ),
            explanation=None if options.explain == "none" else _explanation(index, options),
            examples=[] if options.explain == "none" else _examples(options.neighbours),
            contrast=None,
            exact=started > 0,
        )
        explained = options.explain != "none"
        outcome = Outcome(
            predicted=index,
            label=CLASSES[index],
            confidence=top[0].probability,
            status="weak" if explained else None,
            carrier=(options.methods or ("meta_forest",))[0] if explained else None,
            agrees=True if explained else None,
            first="meta_forest" if explained else None,
            outside=False if explained else None,
            nearest=0.5 if explained else None,
            cited=(("leaf", "leaf-7"), ("example", "train-9"), ("cluster", "dark-1"))
            if explained
            else (),
        )
        return Answered(reply.model_dump_json().encode(), outcome)


def png(grey: int = 200, side: int = 8, mode: str = "L") -> bytes:
    """Encode an even grey image."""
    return encoded("PNG", grey, side, mode)


def encoded(kind: str, grey: int = 200, side: int = 8, mode: str = "L") -> bytes:
    """Encode an even grey image in a given format."""
    buffer = io.BytesIO()
    Image.fromarray(np.full((side, side), grey, np.uint8)).convert(mode).save(buffer, kind)
    return buffer.getvalue()


def _explanation(index: int, options: ReplyOptions) -> Explanation:
    return Explanation(
        status="weak",
        carrier=(options.methods or ("meta_forest",))[0],
        names=ClassName(label=CLASSES[index], index=index),
        agrees=True,
        sentence=f"It is {CLASSES[index]}.",
        reliability=None,
        disagreements=[],
        evidence=[],
        skipped=[],
    )


def _examples(count: int) -> list[Example]:
    return [
        Example(
            id="train-9",
            label="dark",
            predicted="dark",
            distance=0.5,
            stands_for=10,
            cluster="dark-1",
            image="/v1/examples/train-9.png",
        )
    ] * count
