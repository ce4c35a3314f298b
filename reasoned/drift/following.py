"""Counting on while the ledger grows, in a process that does nothing else."""

from collections.abc import Callable

from reasoned.drift.monitor import Monitor
from reasoned.ledger.ledger import Ledger


def follow(ledger: Ledger, monitor: Monitor, ends: Callable[[bool], bool]) -> int:
    """Count round after round, also where the ledger's file is another by then.

    Parameters
    ----------
    ledger
        What the monitor counts in; looked after before each round, as who writes it does.
    monitor
        Moves the detectors.
    ends
        Asked after each round whether it was the last; told whether more may be there already.

    Returns
    -------
        How many requests counted.

    Raises
    ------
    LedgerError
        When there is no file any more that it could go on in.

    """
    counted = 0
    while True:
        ledger.look()
        counted += monitor.step()
        if ends(monitor.behind):
            return counted
