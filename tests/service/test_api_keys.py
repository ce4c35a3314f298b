import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reasoned.errors import SettingsError
from service.api_keys import ApiKey, digest_of, keys_of_file, parse_scopes, read_keys
from service.caller import SCOPES, Caller
from service.settings import Settings

ONE, TWO, THREE, FOUR = (
    hashlib.sha256(word.encode()).hexdigest() for word in ("one", "two", "three", "four")
)
OLD = frozenset({"predict", "read"})


def written(tmp_path: Path, text: str) -> Path:
    listed = tmp_path / "keys"
    listed.write_text(text, encoding="utf-8")
    return listed


def only(entry: str) -> ApiKey:
    (key,) = read_keys(Settings(api_keys=(entry,)))
    return key


def test_environment_and_file_add_up(tmp_path: Path) -> None:
    listed = written(tmp_path, f"# the phone's\n{TWO.upper()}  # until May\n\n")

    found = read_keys(Settings(api_keys=(ONE,), api_keys_file=listed))

    assert [key.digest for key in found] == [digest_of(b"one"), digest_of(b"two")]


def test_a_bare_digest_may_what_it_always_might() -> None:
    assert only(ONE) == ApiKey(digest_of(b"one"), Caller("default", OLD, ONE[:8]), named=False)


@pytest.mark.parametrize(
    "entry",
    [
        f"{ONE} tenant=acme scopes=read,admin name=board",
        f"{ONE};name=board;scopes=admin+read;tenant=acme",
        f"  {ONE}\t tenant=acme ; scopes=read+admin name=board ",
    ],
)
def test_a_line_says_whose_it_is_and_what_it_may(entry: str) -> None:
    assert only(entry).caller == Caller("acme", frozenset({"read", "admin"}), "board")


def test_the_environment_is_read_as_it_is_documented(monkeypatch: pytest.MonkeyPatch) -> None:
    value = f"{ONE} tenant=acme scopes=predict+read, {TWO};scopes=admin"
    monkeypatch.setenv("REASONED_API_KEYS", value)

    first, second = read_keys(Settings())

    assert (first.caller.tenant, first.caller.scopes) == ("acme", OLD)
    assert (second.caller.tenant, second.caller.scopes) == ("default", frozenset({"admin"}))


def test_no_keys_are_no_keys() -> None:
    assert read_keys(Settings()) == ()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("secret", "entry 1: wanted the SHA-256 of a key as 64 hexadecimal digits, got 6 other"),
        ("read", "In the environment a comma ends an entry: join scopes by +"),
        (hashlib.sha256(b"").hexdigest().upper(), "the digest of an empty key, which would let"),
        (f"{ONE} secret", "behind the digest wanted tenant=NAME"),
        (f"{ONE} secret=1", "behind the digest wanted tenant=NAME"),
        (f"{ONE} tenant=a tenant=secret", "each once at the most"),
        (f"{ONE} tenant=", "tenant must be 1 to 64 letters, digits"),
        (f"{ONE} tenant=sub:secret", "tenant must be 1 to 64 letters, digits"),
        (f"{ONE} name=sub:secret", "name must be 1 to 64 letters, digits"),
        (f"{ONE} name={'secret' * 11}", "name must be 1 to 64 letters, digits"),
        (f"{ONE} scopes=secret", "scopes must be some of predict, read, admin"),
        (f"{ONE} scopes=", "scopes must be some of predict, read, admin"),
    ],
)
def test_what_is_no_entry_is_refused_and_not_repeated(entry: str, message: str) -> None:
    with pytest.raises(SettingsError) as raised:
        only(entry)

    assert message in str(raised.value)
    assert "secret" not in str(raised.value)


@given(st.text(max_size=90))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    try:
        key = only(text)
    except SettingsError:
        return
    assert key.caller.scopes <= set(SCOPES)


@given(st.sets(st.sampled_from(SCOPES), min_size=1), st.sampled_from(",+"))
def test_scopes_are_read_as_they_are_written(scopes: set[str], between: str) -> None:
    assert parse_scopes(between.join(scopes)) == scopes


def test_two_keys_of_a_name_are_a_rotation_and_three_are_refused() -> None:
    two = (f"{ONE} tenant=acme name=phone", f"{TWO} tenant=acme name=phone")
    other = f"{THREE} tenant=zeta name=phone"

    assert len(read_keys(Settings(api_keys=(*two, other)))) == 3
    with pytest.raises(SettingsError, match="3 keys are live for name=phone of tenant=acme, and 2"):
        read_keys(Settings(api_keys=(*two, other, f"{FOUR} tenant=acme name=phone")))


def test_the_third_is_found_in_the_file_too(tmp_path: Path) -> None:
    listed = written(tmp_path, f"{THREE} name=phone\n")
    two = (f"{ONE} name=phone", f"{TWO} name=phone")

    with pytest.raises(SettingsError, match="delete the oldest, or give another name"):
        read_keys(Settings(api_keys=two, api_keys_file=listed))


def test_keys_without_a_name_are_as_many_as_before() -> None:
    assert len(read_keys(Settings(api_keys=(ONE, TWO, THREE, FOUR)))) == 4


def test_the_same_line_twice_is_one_key(tmp_path: Path) -> None:
    listed = written(tmp_path, f"{ONE}\n{ONE.upper()}\n")

    assert len(read_keys(Settings(api_keys=(ONE,), api_keys_file=listed))) == 1


def test_one_key_for_two_tenants_is_refused() -> None:
    with pytest.raises(SettingsError, match=f"begins with {ONE[:8]} is there twice, with diff"):
        read_keys(Settings(api_keys=(ONE, f"{ONE} tenant=acme")))


def test_a_file_without_keys_is_refused(tmp_path: Path) -> None:
    empty = written(tmp_path, "# none yet\n")

    assert keys_of_file(empty) == ()
    with pytest.raises(SettingsError, match="must hold the SHA-256 digest of a key"):
        read_keys(Settings(api_keys_file=empty))


def test_a_wrong_line_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="keys, entry 3: wanted the SHA-256"):
        keys_of_file(written(tmp_path, f"# two\n{ONE}\n{TWO[:-1]}\n"))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "keys"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(SettingsError, match="REASONED_API_KEYS_FILE cannot be read"):
        read_keys(Settings(api_keys_file=path))
