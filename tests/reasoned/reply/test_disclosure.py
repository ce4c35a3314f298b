import hashlib

import pytest

from reasoned.errors import OptionsError
from reasoned.reply.disclosure import FULL, MODES, Disclosure, Mode

SOME = frozenset({"train-000002", "train-000001"})


@pytest.mark.parametrize(
    ("mode", "named", "pictured"),
    [
        ("full", True, True),
        ("thumbnail", True, True),
        ("id", True, False),
        ("prototype", False, False),
        ("off", False, False),
    ],
)
def test_each_mode_says_what_of_single_images_is_disclosed(
    mode: Mode, *, named: bool, pictured: bool
) -> None:
    assert mode in MODES
    assert (Disclosure(mode).named, Disclosure(mode).pictured) == (named, pictured)


def test_a_word_says_it_in_short() -> None:
    assert FULL.word == "full exact"
    assert Disclosure("thumbnail", rounded=True).word == "thumbnail rounded"
    # By hand: the ids in order, a line each.
    digest = hashlib.sha256(b"train-000001\ntrain-000002").hexdigest()[:12]
    assert Disclosure("id", withheld=SOME).word == f"id exact withheld:{digest}"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rounded", [False, True])
@pytest.mark.parametrize("withheld", [frozenset(), SOME])
def test_a_word_is_read_back(mode: Mode, *, rounded: bool, withheld: frozenset[str]) -> None:
    written = Disclosure(mode, rounded, withheld)

    assert Disclosure.read(written.word, withheld) == written


def test_where_none_were_withheld_none_are() -> None:
    assert Disclosure.read("id rounded", SOME) == Disclosure("id", rounded=True)


@pytest.mark.parametrize("word", ["", "full", "full round", "all exact", "full  exact"])
def test_another_word_is_refused(word: str) -> None:
    with pytest.raises(OptionsError, match="reads like 'thumbnail rounded'"):
        Disclosure.read(word)


@pytest.mark.parametrize("given", [frozenset(), frozenset({"train-000001"})])
def test_a_word_of_other_withheld_ids_is_refused(given: frozenset[str]) -> None:
    with pytest.raises(OptionsError, match="ids that were withheld have the digest withheld:"):
        Disclosure.read(Disclosure("full", withheld=SOME).word, given)


def test_another_mode_is_refused() -> None:
    with pytest.raises(OptionsError, match="one of full, thumbnail, id, prototype, off, not 'al"):
        Disclosure("all")  # type: ignore[arg-type]  # what the test is about
