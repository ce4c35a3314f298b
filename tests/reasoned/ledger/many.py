"""A process that writes while others do."""

from reasoned.ledger.ledger import Ledger
from tests.reasoned.ledger.recorded import decision


def write_many(address: str, name: str, batches: int) -> None:
    """Write so many times twenty decisions, under ids of the writer's name."""
    ledger = Ledger.open(address)
    for batch in range(batches):
        leaves = [f"leaf-{(7 * batch + row) % 40}" for row in range(20)]
        ledger.write(
            [
                decision(0, id=f"{name}-{batch}-{row}", cited=(("leaf", leaf), ("writer", name)))
                for row, leaf in enumerate(leaves)
            ]
        )
    ledger.close()
