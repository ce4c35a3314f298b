"""What must hold before a worker is started, looked at in the process that starts them."""

from pathlib import Path

import click
from bentoml._internal.configuration.containers import BentoMLContainer

from reasoned.errors import SettingsError
from reasoned.folder.checking import check_files, read_manifest
from reasoned.ledger.glance import glance
from service.access import Access
from service.binding import exposure
from service.ledger_address import ledger_address
from service.model_folder import model_folder
from service.opt_out_file import OptOutFile
from service.rate import Rate
from service.settings import Settings


def check_exposure(settings: Settings) -> None:
    """Refuse an address beyond loopback where there are no keys.

    The workers look at their own sockets too; here the reason can still end the command.

    Raises
    ------
    SettingsError
        When the service would be exposed, or the keys cannot be read, or the settings of
        tokens are wrong.

    """
    secured = Access.open(settings) is not None or settings.insecure
    host = _commanded_host()
    reason = None if secured or host is None else exposure((host,))
    if reason is not None:
        raise SettingsError(reason)


def check_start(settings: Settings) -> None:
    """Refuse to start workers that would refuse to serve.

    Raises
    ------
    SettingsError
        When there is no model, or the service would be exposed, or a setting of keys, tokens
        or rates is wrong, or the list of withheld images cannot be read.
    FolderError
        When the model folder is not as it was written.
    LedgerError
        When the ledger cannot be opened.

    """
    folder = model_folder(settings)
    check_exposure(settings)
    Rate.open(settings)
    if settings.opt_out_file is not None:
        OptOutFile(settings.opt_out_file)
    manifest, _ = read_manifest(folder)
    check_files(folder, manifest)
    check_ledger(settings)


def check_ledger(settings: Settings) -> None:
    """Refuse a ledger that the workers could not open.

    Raises
    ------
    LedgerError
        When it cannot be opened.

    """
    address = ledger_address(settings)
    if address is None:
        return
    if "://" not in address:
        glance(Path(address).expanduser())
        return
    from reasoned.ledger.ledger import Ledger  # noqa: PLC0415  its libraries take a while to load

    Ledger.open(address).close()


def _commanded_host() -> str | None:
    """Read the address off the running command, or None where no such command runs."""
    context = click.get_current_context(silent=True)
    if context is None or "host" not in context.params:
        return None
    return str(context.params["host"] or BentoMLContainer.http.host.get())
