from pathlib import Path

import pytest
from click.testing import CliRunner

from deploy.container import command, report
from deploy.trial.process import Confinement
from deploy.trial.trial import Trial


def test_the_report_has_a_line_for_each_image() -> None:
    confined = Confinement(65532, "0" * 16, no_new_privileges=True, read_only_root=True)
    found = Trial(
        route="dockerfile",
        container_mb=301.25,
        model_mb=3.0,
        image_mb=452.0,
        container_ready_seconds=2.5,
        ready_cpu_seconds=2.4,
        busy=False,
        confined=confined,
        stopped=0,
    )

    head, line = report([found]).splitlines()

    assert head.split()[:3] == ["route", "MB", "on"]
    assert line.split() == [
        *("dockerfile", "301.2", "452.0", "2.50", "2.40", "65532", "0" * 16, "read-only", "0"),
    ]


@pytest.mark.parametrize(("variable", "code"), [("", 1), ("CI", 0), ("REASONED_CI", 0)])
def test_without_an_engine_it_says_so_and_only_ci_goes_on(
    variable: str, code: int, tmp_path: Path
) -> None:
    environment: dict[str, str | None] = {"PATH": "", "CI": None, "REASONED_CI": None}
    if variable:
        environment[variable] = "1"

    done = CliRunner().invoke(command, ["--model", str(tmp_path)], env=environment)

    assert done.exit_code == code
    assert "NOT TRIED: no container was run" in done.stderr
    assert "docker: not installed" in done.stderr
    assert "podman: not installed" in done.stderr
