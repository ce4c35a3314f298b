import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
LINES = [
    line
    for line in re.sub(r"\\\n\s*", "", TEXT).splitlines()
    if line.strip() and not line.startswith("#")
]
FINAL = LINES[max(i for i, line in enumerate(LINES) if line.startswith("FROM ")) :]


def extras() -> list[str]:
    (line,) = [line for line in LINES if line.startswith("ARG EXTRAS=")]
    return line.partition("=")[2].split(",")


def test_what_is_served_has_nothing_that_fits() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"]]
    for extra in extras():
        wanted += project["optional-dependencies"][extra]

    names = {re.split(r"[^A-Za-z0-9_-]", one)[0].lower() for one in wanted}
    assert not names & {"torch", "scikit-learn", "scipy", "onnx", "tqdm", "pyarrow"}


def test_it_runs_as_nobody_in_particular() -> None:
    users = [line for line in FINAL if line.startswith("USER ")]

    assert users == ["USER 65532:65532"]
    # Nothing that changes files comes after it.
    after = FINAL[FINAL.index(users[0]) :]
    assert not [line for line in after if line.startswith(("RUN ", "COPY "))]


def test_it_fetches_nothing_by_itself() -> None:
    assert not [line for line in LINES if line.startswith("ADD ")]
    assert not re.search(r"\b(curl|wget|apt-get)\b", TEXT)


def test_the_last_stage_installs_nothing() -> None:
    assert not [line for line in FINAL if re.search(r"\b(pip|uv|apt-get)( \S+)* install\b", line)]
    assert any(line.startswith("COPY --from=build") for line in FINAL)


def test_signals_reach_the_service() -> None:
    (entry,) = [line for line in FINAL if line.startswith("ENTRYPOINT")]

    assert entry.startswith('ENTRYPOINT ["bentoml", "serve", "service.app:app"')


def test_an_index_and_its_certificates_are_secrets() -> None:
    for line in LINES:
        if "/opt/pip/bin/pip" in line:
            assert "--mount=type=secret,id=pip.conf" in line
            assert "--mount=type=secret,id=ca.pem" in line
    assert not re.search(r"(ARG|ENV) .*(PIP_|CERT|INDEX)", TEXT)


def test_everything_copied_is_in_the_context() -> None:
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    copied = [
        source
        for line in LINES
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    ]

    for source in copied:
        if source != "${MODEL}":
            assert f"!{source}" in allowed
            assert (ROOT / source).exists()
    assert "!models" in allowed
