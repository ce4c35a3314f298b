"""How training images are shown: what a reply may say of them, and which never appear."""

import dataclasses
import hashlib
from typing import Final, Literal, Self, final, get_args

from reasoned.errors import OptionsError

Mode = Literal["full", "thumbnail", "id", "prototype", "off"]
MODES: Final[tuple[str, ...]] = get_args(Mode)
_EXACT: Final = {"exact": False, "rounded": True}
_DIGITS: Final = 12


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Disclosure:
    """What is disclosed of training images.

    Attributes
    ----------
    mode
        ``full``: ids, distances, and the pictures that the folder holds. ``thumbnail``: the
        same, with pictures of at most 96 pixels, encoded anew. ``id``: no pictures.
        ``prototype``: groups of images in place of single ones. ``off``: nothing.
    rounded
        Whether distances have two digits, and are never below what is usual between images.
    withheld
        Ids of training images that must not appear anywhere.
    word
        All of this in short, as it is recorded: ``thumbnail rounded``. Where ids are withheld,
        the beginning of a digest of them follows, such as ``withheld:0f3a5c77d1e2``.

    """

    mode: Mode = "full"
    rounded: bool = False
    withheld: frozenset[str] = frozenset()
    word: str = dataclasses.field(init=False, compare=False)

    def __post_init__(self) -> None:
        if self.mode not in MODES:
            raise OptionsError(f"mode must be one of {', '.join(MODES)}, not {self.mode!r}")
        said = [self.mode, "rounded" if self.rounded else "exact"]
        if self.withheld:
            listed = "\n".join(sorted(self.withheld)).encode()
            said.append(f"withheld:{hashlib.sha256(listed).hexdigest()[:_DIGITS]}")
        object.__setattr__(self, "word", " ".join(said))

    @property
    def named(self) -> bool:
        """Whether single training images are named."""
        return self.mode in {"full", "thumbnail", "id"}

    @property
    def pictured(self) -> bool:
        """Whether single training images are shown."""
        return self.mode in {"full", "thumbnail"}

    @classmethod
    def read(cls, word: str, withheld: frozenset[str] = frozenset()) -> Self:
        """Give the disclosure that a recorded word speaks of.

        Parameters
        ----------
        word
            What `word` was.
        withheld
            The ids that were withheld; left aside where the word says that none were.

        Raises
        ------
        OptionsError
            When this is no such word, or when other ids were withheld.

        """
        mode, _, rest = word.partition(" ")
        distances, _, listed = rest.partition(" ")
        if mode not in MODES or distances not in _EXACT:
            raise OptionsError(
                f"a disclosure reads like 'thumbnail rounded', with one of {', '.join(MODES)}, "
                f"not {word[:80]!r}"
            )
        named = withheld if listed else frozenset()
        found = cls(mode, _EXACT[distances], named)  # type: ignore[arg-type]  # it is in MODES
        if found.word != word:
            raise OptionsError(
                f"the ids that were withheld have the digest {listed or 'of none'}, but those "
                f"given make it {found.word!r}"
            )
        return found


FULL: Final = Disclosure()
