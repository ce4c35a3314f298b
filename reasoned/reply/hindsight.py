"""What was answered before, as it may be shown now."""

import dataclasses
from collections.abc import Iterable
from typing import Final, final

import orjson

from explainers.evidence import EXAMPLE, Citation
from reasoned.errors import OptionsError
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.mentions import NOTHING, Mentions
from reasoned.reply.schema import Reply

_PICTURES: Final = frozenset({"image", "picture"})  # fields that are the path of one, or null


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Hindsight:
    """What a disclosure lets through of replies and citations that are older than it.

    It takes out and adds nothing: where single images are named no more, no groups take their
    place, and distances stay as they were told.

    Attributes
    ----------
    model
        The digest of the model that answers now.
    disclosure
        How it shows training images.
    hidden
        The ids that must not appear; all that it knows, where single images are not named.

    """

    model: str = ""
    disclosure: Disclosure = FULL
    hidden: Mentions = NOTHING

    def shows(self, kind: str, key: str) -> bool:
        """Tell whether it may be said that something was cited."""
        return kind != EXAMPLE or (self.disclosure.named and key not in self.hidden.ids)

    def cited(self, told: Iterable[Citation]) -> tuple[Citation, ...]:
        """Leave out the citations that must not be told."""
        return tuple(one for one in told if self.shows(*one))

    def reply(self, told: bytes, model: str, word: str) -> bytes | None:
        """Take out of a reply what must not be shown; byte for byte the same where nothing is.

        Parameters
        ----------
        told
            The JSON of a `Reply`.
        model
            The digest of the model that gave it.
        word
            The `Disclosure.word` under which it was given.

        Returns
        -------
        :
            None where that is not possible: where the ids of another model, which are not known,
            would stay, or no reply would be left.

        """
        before = _mode(word)
        stricter = before.named and not self.disclosure.named
        if stricter and model != self.model:
            return None
        try:
            left = self.hidden.without_bytes(told)
            if self.disclosure.pictured or before.mode == self.disclosure.mode:
                return left
            bare = orjson.dumps(self._bare(orjson.loads(left), stricter=stricter))
            if stricter:  # a class may be called as an image is
                Reply.model_validate_json(bare)
        except (TypeError, ValueError):  # it was no reply, or is none any more
            return None
        return bare

    def _bare(self, reply: object, *, stricter: bool) -> object:
        if not isinstance(reply, dict):
            raise TypeError(f"a reply is a JSON object, not a {type(reply).__name__}")
        if stricter or self.disclosure.mode == "off":
            reply = {**reply, "examples": [], "contrast": None}
        return _unpictured(reply)


def _mode(word: str) -> Disclosure:
    """Read how much was disclosed; of a word that is none, that it was everything."""
    try:
        return Disclosure(word.partition(" ")[0])  # type: ignore[arg-type]  # it is looked at
    except OptionsError:
        return FULL


def _unpictured(value: object) -> object:
    if isinstance(value, list):
        return [_unpictured(one) for one in value]
    if isinstance(value, dict):
        return {k: None if k in _PICTURES else _unpictured(v) for k, v in value.items()}
    return value
