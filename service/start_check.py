"""What must hold before a worker is started, looked at in the process that starts them."""

from pathlib import Path
from typing import Final

import click
from bentoml._internal.configuration.containers import BentoMLContainer

from reasoned.errors import SettingsError
from reasoned.folder.checking import check_files, read_manifest
from service.api_keys import key_digests
from service.binding import exposure
from service.settings import Settings

_BESIDE: Final = Path(__file__).resolve().parents[1] / "model"


def model_folder(settings: Settings) -> Path:
    """Find the model folder that the settings name, or that lies beside the package.

    Raises
    ------
    SettingsError
        When there is no model folder at that place.

    """
    folder = settings.model or _BESIDE
    if not (folder / "manifest.json").is_file():
        raise SettingsError(
            f"{folder} is no model folder: it has no manifest.json. Set REASONED_MODEL to "
            "a folder that `reasoned fit` wrote, or use `reasoned serve FOLDER`"
        )
    return folder


def check_exposure(settings: Settings) -> None:
    """Refuse an address beyond loopback where there are no keys.

    The workers look at their own sockets too; here the reason can still end the command.

    Raises
    ------
    SettingsError
        When the service would be exposed, or the keys cannot be read.

    """
    secured = bool(key_digests(settings)) or settings.insecure
    host = _commanded_host()
    reason = None if secured or host is None else exposure((host,))
    if reason is not None:
        raise SettingsError(reason)


def check_start(settings: Settings) -> None:
    """Refuse to start workers that would refuse to serve.

    Raises
    ------
    SettingsError
        When there is no model, or the service would be exposed.
    FolderError
        When the model folder is not as it was written.

    """
    folder = model_folder(settings)
    check_exposure(settings)
    manifest, _ = read_manifest(folder)
    check_files(folder, manifest)


def _commanded_host() -> str | None:
    """Read the address off the running command, or None where no such command runs."""
    context = click.get_current_context(silent=True)
    if context is None or "host" not in context.params:
        return None
    return str(context.params["host"] or BentoMLContainer.http.host.get())
