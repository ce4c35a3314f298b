"""``reasoned serve``."""

import ipaddress
import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from reasoned.cli.speaking import spoken
from reasoned.errors import SettingsError
from reasoned.folder.checking import check_files, read_manifest

EPILOG = """\b
Examples:
  reasoned serve models/digits
  reasoned serve models/digits --port 8080 --workers 2
  REASONED_API_KEYS=$(printf %s "$KEY" | sha256sum | cut -d' ' -f1) \\
      reasoned serve models/digits --host 0.0.0.0

Every setting is an environment variable; see docs/serving.md.
"""
# One thread per library and worker: spinning threads steal the core from the event loop.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@click.command(epilog=EPILOG)
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Beyond loopback API keys are needed."
)
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option(
    "--workers",
    type=click.IntRange(1),
    default=1,
    envvar="REASONED_WORKERS",
    show_default=True,
    help="Processes, each with its own copy of the model.",
)
@click.option("--insecure", is_flag=True, help="Serve beyond loopback without API keys.")
def command(folder: Path, host: str, port: int, workers: int, *, insecure: bool) -> None:
    """Serve a model FOLDER over HTTP, until interrupted.

    POST an image to /v1/predict; see /openapi.json for everything else.
    """
    with spoken():
        manifest, _ = read_manifest(folder)
        check_files(folder, manifest)
        _check_settings()
        environment = _environment(folder, workers, insecure=insecure)
        _check_exposed(host, environment)
        _check_free(host, port)
    click.echo(f"Serving {manifest.name} on http://{_printable(host)}:{port}", err=True)
    click.echo(f"Try: curl -F image=@PICTURE http://{_printable(host)}:{port}/v1/predict", err=True)
    arguments = [sys.executable, "-m", "bentoml", "serve", "service.app:app"]
    arguments += ["--host", host, "--port", str(port), "--working-dir", str(_source())]
    with tempfile.TemporaryDirectory(prefix="reasoned-serve-") as home:
        # Two servers that share BENTOML_HOME wipe each other's state.
        environment.setdefault("BENTOML_HOME", home)
        sys.exit(_run(arguments, environment))


def _environment(folder: Path, workers: int, *, insecure: bool) -> dict[str, str]:
    found = dict(os.environ)
    found["REASONED_MODEL"] = str(folder.resolve())
    found["REASONED_WORKERS"] = str(workers)
    found["BENTOML_DO_NOT_TRACK"] = "True"
    for name in THREADS:
        found.setdefault(name, "1")
    if insecure:
        found["REASONED_INSECURE"] = "true"
    return found


def _check_settings() -> None:
    """Say what is wrong with a setting before anything says that it serves."""
    from service.access import Access  # noqa: PLC0415  these take a while to import
    from service.opt_out_file import OptOutFile  # noqa: PLC0415  as above
    from service.rate import Rate  # noqa: PLC0415  as above
    from service.settings import read_settings  # noqa: PLC0415  as above

    settings = read_settings()
    Access.open(settings)
    Rate.open(settings)
    if settings.opt_out_file is not None:
        OptOutFile(settings.opt_out_file)


def _check_exposed(host: str, environment: dict[str, str]) -> None:
    """Say it here already, in one line; the service refuses too, however it is started."""
    keys = ("REASONED_API_KEYS", "REASONED_API_KEYS_FILE", "REASONED_JWKS_URL")
    insecure = environment.get("REASONED_INSECURE", "").lower() in {"1", "true", "yes", "on"}
    if _is_loopback(host) or insecure or any(environment.get(name) for name in keys):
        return
    raise SettingsError(
        f"--host {host} can be reached from elsewhere, but there are no API keys; set "
        "REASONED_API_KEYS or REASONED_API_KEYS_FILE, or pass --insecure"
    )


def _check_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((host.strip("[]"), port))
        except OSError as error:
            raise SettingsError(
                f"cannot listen on port {port} of {host} ({error.strerror}); stop what listens "
                "there, or pass another --port"
            ) from error


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _printable(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _source() -> Path:
    """Give the folder that holds the package ``service``."""
    return Path(__file__).resolve().parents[2]


def _run(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the server, passing signals on, and give its exit code."""
    with subprocess.Popen(arguments, env=environment) as server:  # noqa: S603  our own arguments
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda number, _frame: server.send_signal(number))
        return server.wait()
