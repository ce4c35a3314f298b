"""``reasoned keys``: what it makes is what the service takes."""

import json
from pathlib import Path

import pytest

from service.caller import Caller
from service.key_ring import KeyRing
from service.settings import Settings
from tests.reasoned.cli.conftest import Run


def test_a_new_key_opens_the_service_that_has_its_line(run: Run) -> None:
    made = run("keys", "new", "--tenant", "acme", "--scopes", "read,admin", "--name", "ops")

    assert made.code == 0
    key, line = (text.split(maxsplit=1)[1] for text in made.out.splitlines())
    ring = KeyRing(Settings(api_keys=(line.replace(",", "+"),)))
    assert ring.find(key.encode()) == Caller("acme", frozenset({"read", "admin"}), "ops")
    assert key not in line


def test_no_key_is_made_twice(run: Run) -> None:
    made = [run("keys", "new", "--json").record["key"] for _ in range(3)]

    assert len(set(made)) == 3
    assert all(len(key) == 52 and key.startswith("reasoned_") for key in made)


@pytest.mark.parametrize("before", [None, "", "# ours\n", f"{'a' * 64} tenant=zeta"])
def test_a_line_is_written_at_the_end_of_a_file(
    run: Run, tmp_path: Path, before: str | None
) -> None:
    path = tmp_path / "keys"
    if before is not None:
        path.write_text(before, encoding="utf-8")

    made = run("keys", "new", "--tenant", "acme", "--append", path, "--json")

    assert made.code == 0
    assert made.record["file"] == str(path)
    text = path.read_text(encoding="utf-8")
    assert text.startswith(before or "")
    assert text.splitlines()[-1] == made.record["line"]
    found = KeyRing(Settings(api_keys_file=path)).find(made.record["key"].encode())
    assert found is not None
    assert found.tenant == "acme"
    assert made.record["key"] not in text


def test_a_new_file_is_for_its_owner_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"

    run("keys", "new", "--append", path)

    assert path.stat().st_mode & 0o777 == 0o600


def test_a_third_key_of_a_name_is_not_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    codes = [run("keys", "new", "--name", "phone", "--append", path).code for _ in range(2)]
    held = path.read_bytes()

    third = run("keys", "new", "--name", "phone", "--append", path)

    assert codes == [0, 0]
    assert (third.code, third.out) == (2, "")
    assert "has 2 keys of name=phone of tenant=default, as many as may be live" in third.err
    assert path.read_bytes() == held


def test_a_name_of_another_tenant_is_not_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    run("keys", "new", "--tenant", "acme", "--name", "phone", "--append", path)
    held = path.read_bytes()

    other = run("keys", "new", "--name", "phone", "--append", path)

    assert (other.code, other.out) == (2, "")
    assert "has name=phone under tenant=acme, and this key would be of tenant=default" in other.err
    assert "`reasoned keys rotate`" in other.err
    assert path.read_bytes() == held


def test_a_rotated_key_opens_what_the_old_one_opens(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    asked = ("--tenant", "acme", "--scopes", "read,admin", "--name", "phone", "--append", path)
    old = run("keys", "new", *asked, "--json").record["key"]

    made = run("keys", "rotate", "--name", "phone", path, "--json")

    assert made.code == 0
    ring = KeyRing(Settings(api_keys_file=path))
    assert made.record["key"] != old
    assert ring.find(made.record["key"].encode()) == ring.find(old.encode())
    assert ring.find(old.encode()) == Caller("acme", frozenset({"read", "admin"}), "phone")
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[-1] == made.record["line"]
    assert made.record["key"] not in text

    third = run("keys", "rotate", "--name", "phone", path)
    assert (third.code, third.out) == (2, "")
    assert "has 2 keys of name=phone of tenant=acme, as many as may be live" in third.err
    assert path.read_text(encoding="utf-8") == text


def test_a_name_of_two_tenants_is_rotated_for_the_one_that_is_said(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "keys"
    lines = (
        f"{letter * 64} tenant={tenant} name=phone\n"
        for letter, tenant in (("a", "z"), ("b", "acme"))
    )
    path.write_text("".join(lines), encoding="utf-8")
    held = path.read_bytes()

    unsaid = run("keys", "rotate", "--name", "phone", path)
    other = run("keys", "rotate", "--name", "phone", "--tenant", "zeta", path)
    unknown = run("keys", "rotate", "--name", "tablet", path)

    assert (unsaid.code, other.code, unknown.code) == (2, 2, 2)
    assert "has name=phone under more than one tenant: acme, z; say which" in unsaid.err
    assert "has no key of name=phone of tenant=zeta; `reasoned keys list` shows all" in other.err
    assert "has no key of name=tablet; `reasoned keys list`" in unknown.err
    assert path.read_bytes() == held
    made = run("keys", "rotate", "--name", "phone", "--tenant", "acme", path)
    assert made.code == 0
    assert " tenant=acme scopes=predict,read name=phone" in path.read_text("utf-8").splitlines()[-1]


def test_a_file_that_is_none_of_keys_is_left_alone(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "notes"
    path.write_text("buy milk\n", encoding="utf-8")

    made = run("keys", "new", "--append", path)

    assert made.code == 2
    assert "entry 1: wanted the SHA-256 of a key" in made.err
    assert path.read_text(encoding="utf-8") == "buy milk\n"


def test_a_place_that_cannot_be_written_is_told(run: Run, tmp_path: Path) -> None:
    made = run("keys", "new", "--append", tmp_path / "none" / "keys")

    assert made.code == 2
    assert "cannot be written: No such file or directory" in made.err


@pytest.mark.parametrize(
    ("option", "value", "wanted"),
    [
        ("--tenant", "a b", "wanted 1 to 64 letters, digits and . _ @ -"),
        ("--name", "sub:x", "wanted 1 to 64 letters, digits and . _ @ -"),
        ("--scopes", "write", "scopes must be some of predict, read, admin"),
    ],
)
def test_what_the_service_would_refuse_is_wrong_usage(
    run: Run, option: str, value: str, wanted: str
) -> None:
    made = run("keys", "new", option, value)

    assert made.code == 2
    assert wanted in made.err


def test_a_list_tells_what_each_may_and_no_digest_whole(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    bare = "ab" * 32
    path.write_text(f"{bare}\n{'c' * 64} tenant=acme scopes=admin name=ops\n", encoding="utf-8")

    shown = run("keys", "list", path)
    lines = [json.loads(line) for line in run("keys", "list", path, "--json").out.splitlines()]

    assert [line.split() for line in shown.out.splitlines()] == [
        ["digest", "tenant", "scopes", "name"],
        ["abababab", "default", "predict,read", "-"],
        ["cccccccc", "acme", "admin", "ops"],
    ]
    assert lines == [
        {"digest": "abababab", "tenant": "default", "scopes": "predict,read", "name": None},
        {"digest": "cccccccc", "tenant": "acme", "scopes": "admin", "name": "ops"},
    ]


def test_a_broken_file_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("secret", encoding="utf-8")

    shown = run("keys", "list", path)

    assert shown.code == 2
    assert "wanted the SHA-256" in shown.err
    assert "secret" not in shown.err
