"""What of the evidence a disclosure lets through."""

import dataclasses
from typing import Any, Final, Self, final

import orjson

from explainers.evidence import EXAMPLE, Evidence
from reasoned.reply.disclosure import Disclosure
from reasoned.reply.distances import rounded_region
from reasoned.reply.mentions import Mentions


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Screen:
    """Takes ids out of evidence, and rounds its distances.

    Attributes
    ----------
    hidden
        The ids that must not appear.
    rounded
        Whether distances are rounded.
    named
        Whether single training images are named at all.

    """

    hidden: Mentions
    rounded: bool
    named: bool

    @classmethod
    def of(cls, disclosure: Disclosure, known: frozenset[str]) -> Self:
        """Make what a disclosure asks for; `known` are all ids that evidence may name."""
        hidden = disclosure.withheld if disclosure.named else known | disclosure.withheld
        return cls(Mentions(hidden), disclosure.rounded, disclosure.named)

    @property
    def idle(self) -> bool:
        """Whether everything is let through as it is."""
        return self.named and not self.hidden.ids and not self.rounded

    def evidence(self, found: Evidence) -> Evidence:
        """Give the evidence as it may be shown; the same one where it may be as it is."""
        body = self._body(found)
        if self.named and not self.hidden.ids:
            return found if body is found.body else dataclasses.replace(found, body=body)
        return dataclasses.replace(
            found,
            body=body,
            sentence=self.hidden.strike(found.sentence),
            cited=tuple(one for one in found.cited if self._may_be_cited(*one)),
        )

    def _may_be_cited(self, kind: str, key: str) -> bool:
        return kind != EXAMPLE or (self.named and key not in self.hidden.ids)

    def _body(self, found: Evidence) -> bytes:
        body = found.body
        if not self.named and found.form in _NAMELESS:
            body = orjson.dumps(_NAMELESS[found.form](orjson.loads(body)))
        if self.hidden.ids:
            body = self.hidden.without_bytes(body)
        # What a path, parts or a regression measure is no distance to a single image.
        if self.rounded and found.form == "region":
            body = orjson.dumps(rounded_region(orjson.loads(body)))
        return body


def _nameless_path(body: dict[str, Any]) -> dict[str, Any]:
    clusters = body["clusters"].items()
    return {**body, "clusters": {name: {**one, "medoids": []} for name, one in clusters}}


def _nameless_region(body: dict[str, Any]) -> dict[str, Any]:
    closest = body["closest"]
    if closest is not None:
        closest = {**closest, "example": None}
    return {**body, "closest": closest, "similar": []}


# The forms whose bodies have places for ids.
_NAMELESS: Final = {"path": _nameless_path, "region": _nameless_region}
