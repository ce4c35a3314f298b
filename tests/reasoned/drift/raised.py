"""A ledger of the planted model in which an alarm was raised."""

import numpy as np

from reasoned.drift.monitor import Monitor
from reasoned.ledger.ledger import Ledger
from tests.reasoned.drift.planted import REFERENCE, decision, drawn

RUN_LENGTH = 1000


def let_drift(ledger: Ledger, tenants: str = "ab") -> None:
    """Write requests of tenants in turn, which disagree often after the first hundred."""
    rng = np.random.default_rng(7)
    told = [
        decision(i, drawn(rng, disagree=0.02 if i < 100 else 0.4), tenant=tenants[i % len(tenants)])
        for i in range(180)
    ]
    ledger.write(told)
    Monitor(ledger, REFERENCE, run_length=RUN_LENGTH, feedback=False, owner="one").step()
