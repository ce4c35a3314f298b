"""What is known of one class before any image comes."""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Self, final

import orjson

from explainers.mixture.served.lines import Lines
from explainers.mixture.served.places import Places
from explainers.mixture.served.words import (
    alone_words,
    mixed_words,
    only_words,
    opening_words,
    verdict_words,
)

if TYPE_CHECKING:
    from explainers.mixture.served.explainer import Mixture

NOBODY: Final = -1  # where none dominates: the last place, whatever the number of components


@final
@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class ClassRecord:
    """One class: its components, and what is said of them.

    Attributes
    ----------
    answering
        The regions of its components, and at last that where none of them dominates.
    lines
        The regressions of its components.
    names
        Of the features that they read, as text that JSON needs no escapes for.
    opening
        How the sentence begins.
    alone
        Per component what follows the prediction, before and after its responsibility; the
        latter is empty where there is one component alone.
    verdict
        How the sentence ends.
    encoded
        The components' names as JSON, and at last null.
    body
        The body as JSON, with places for its numbers.

    """

    answering: tuple[str, ...]
    lines: Lines
    names: tuple[bytes, ...]
    opening: str
    alone: tuple[tuple[str, str], ...]
    verdict: str
    encoded: tuple[bytes, ...]
    body: bytes

    @property
    def regions(self) -> tuple[str, ...]:
        """Name the regions of the class."""
        return self.answering if len(self.alone) > 1 else self.answering[:NOBODY]

    def who_words(self, who: int, shares: Sequence[float]) -> str:
        """Say which component answers, or that none does alone."""
        if who == NOBODY:
            return mixed_words(max(shares), len(shares))
        before, after = self.alone[who]
        return f"{before}{100.0 * shares[who]:.0f}{after}" if after else before

    @classmethod
    def all_of(cls, stored: "Mixture", places: Places) -> tuple[Self, ...]:
        """Make a record of every class."""
        names = [name.encode() for name in places.names(stored.weights.shape[1])]
        return tuple(cls._of(stored, number, names) for number in range(len(stored.class_names)))

    @classmethod
    def _of(cls, stored: "Mixture", number: int, names: list[bytes]) -> Self:
        lines = Lines.of(stored, number)
        count = len(lines.alone)
        components, label = component_regions(number, count), stored.class_names[number]
        return cls(
            answering=(*components, mixed_region(number)),
            lines=lines,
            names=tuple(names[place] for place in lines.chosen.tolist()),
            opening=opening_words(stored.features, label),
            alone=tuple(
                alone_words(place, count) if count > 1 else (only_words(), "")
                for place in range(1, count + 1)
            ),
            verdict=verdict_words(label, stored.verdicts[number]),
            encoded=(*(orjson.dumps(name) for name in components), b"null"),
            body=_body(label, components),
        )


def component_regions(number: int, count: int) -> tuple[str, ...]:
    """Name the components of a class, counted from 1."""
    return tuple(f"class-{number}-component-{place}" for place in range(1, count + 1))


def mixed_region(number: int) -> str:
    """Name the images of a class for which no component dominates."""
    return f"class-{number}-mixed"


def _body(label: str, components: tuple[str, ...]) -> bytes:
    """Give the body as a template: bytes and six-digit numbers, in the schema's order."""
    score = orjson.dumps(f"log-odds of {label}").replace(b"%", b"%%")
    shares = b",".join(
        b'{"component":%b,"responsibility":%%.6f}' % orjson.dumps(name) for name in components
    )
    return (
        b'{"score":%b,"component":%%b,"responsibility":%%.6f,"components":[%b],"parts":[%%b],'
        b'"intercept":%%.6f,"rest":%%.6f,"predicted":%%.6f,"residual":%%.6f,"maps":%%b}'
        % (score, shares)
    )
