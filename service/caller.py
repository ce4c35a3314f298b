"""Who asks: found by the key or the token that came with a request."""

import dataclasses
from typing import Final, final

from starlette.types import Scope

from service.arrival import DEFAULT_TENANT, assign

_KEY: Final = "reasoned.caller"
PREDICT: Final = "predict"
READ: Final = "read"
ADMIN: Final = "admin"
SCOPES: Final = (PREDICT, READ, ADMIN)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and what he may.

    Attributes
    ----------
    tenant
        Whose rows he sees, and no others.
    scopes
        What he may: some of `SCOPES`, of which none implies another.
    name
        What his key is called, or ``sub:`` and the subject of his token; None where the
        service has neither keys nor tokens.

    """

    tenant: str = DEFAULT_TENANT
    scopes: frozenset[str] = frozenset(SCOPES)
    name: str | None = None

    @property
    def signature(self) -> str:
        """How what he changes is signed."""
        return "anybody" if self.name is None else f"{self.tenant}/{self.name}"


# Where there are no keys, everything is open to anybody.
ANYBODY: Final = Caller()
# At an open path of a service that has keys.
NOBODY: Final = Caller(scopes=frozenset())


def admit(scope: Scope, caller: Caller) -> None:
    """Note who asks, and so whose request it is."""
    scope[_KEY] = caller
    assign(scope, caller.tenant)


def caller_of(scope: Scope) -> Caller:
    """Return whom `admit` noted for this request; anybody where no keys are asked for."""
    found = scope.get(_KEY, ANYBODY)
    if not isinstance(found, Caller):
        raise TypeError(f"the scope's {_KEY} must be a Caller, not {type(found).__name__}")
    return found
