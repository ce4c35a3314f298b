"""Where the settings keep the ledger."""

from reasoned.ledger.whereabouts import OFF, default_address
from service.settings import Settings


def ledger_address(settings: Settings) -> str | None:
    """Give the ledger's address; None where it is switched off."""
    address = settings.ledger or default_address()
    return None if address.strip().lower() == OFF else address
