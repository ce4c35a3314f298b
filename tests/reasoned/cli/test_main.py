"""What every command promises."""

import subprocess
import sys

import pytest

from reasoned.cli.main import COMMANDS
from tests.reasoned.cli.conftest import Run


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_has_help_with_examples(run: Run, name: str) -> None:
    found = run(*name.split(), "--help")

    assert found.code == 0
    assert "Examples:" in found.out
    # Each on a line of its own, to be copied: click fills paragraphs that are not marked.
    first = found.out.split("Examples:\n")[1].splitlines()[0]
    assert first.startswith(f"    reasoned {name}".rstrip())
    assert "\\b" not in found.out


def test_the_help_lists_every_command_and_the_exit_codes(run: Run) -> None:
    found = run("--help")

    for name, words in COMMANDS.items():
        assert f"  {name} " in found.out
        assert words in found.out
    assert "Exit codes: 0 ok; 1 a finding" in found.out
    assert "2 usage" in found.out
    assert run("-h").out == found.out


@pytest.mark.parametrize("arguments", [["frobnicate"], ["fit"], ["layers"], ["serve"], ["explain"]])
def test_wrong_usage_exits_with_2(run: Run, arguments: list[str]) -> None:
    found = run(*arguments)

    assert (found.code, found.out) == (2, "")
    assert "Error: " in found.err


@pytest.mark.parametrize("command", ["explain", "verify", "serve", "build"])
def test_a_folder_that_is_not_there_is_wrong_usage(run: Run, command: str) -> None:
    found = run(command, "no/such/folder", *(["x.png"] if command == "explain" else []))

    assert found.code == 2
    assert "'no/such/folder' does not exist" in found.err


def test_the_version_is_told(run: Run) -> None:
    found = run("--version")

    assert found.code == 0
    assert "version" in found.out


def test_it_runs_as_a_module_and_lists_without_importing_what_fits() -> None:
    script = (
        "import runpy, sys\n"
        "sys.argv = ['reasoned', '--help']\n"
        "try: runpy.run_module('reasoned', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'sklearn', 'scipy', 'onnx', 'bentoml'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert "Usage: reasoned" in found.stdout
    assert found.stdout.endswith("[]\n")
