"""Which methods are asked for an explanation, and in which order."""

import dataclasses
from collections.abc import Mapping
from typing import final

from explainers.activations import Activations
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.status import StatusRule
from reasoned.deadline import Clock
from reasoned.errors import OptionsError
from reasoned.reply.options import ReplyOptions
from reasoned.reply.writer import Skips


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Asking:
    """The methods, and the rule that says which of them is asked first.

    Attributes
    ----------
    explainers
        The methods, by name.
    rule
        The status rule.

    """

    explainers: Mapping[str, Explainer]
    rule: StatusRule

    def evidence(
        self,
        activations: Activations,
        options: ReplyOptions,
        wanted: list[str],
        clock: Clock,
        skipped: Skips,
    ) -> dict[str, Evidence]:
        """Run the methods wanted, in order; note in `skipped` what was too late.

        For ``trace`` the methods with regions run until the status rule is settled, and the
        others only where none of those that ran names the network's class, until one does.
        """
        found: dict[str, Evidence] = {}
        late: str | None = None
        key = self.rule.key(wanted)
        traced = options.explain == "trace" and options.methods is None
        for name in wanted:
            if traced and self._enough(key, found, name, activations.predicted):
                break
            late = late or clock.late()
            if late:
                skipped.append({"step": name, "reason": late})
                continue
            found[name] = self._asked(name, activations, options, clock)
        return found

    def wanted(self, options: ReplyOptions) -> list[str]:
        """Name the methods as they are best asked, then those without regions as registered."""
        asked = [
            name for name in self.explainers if options.methods is None or name in options.methods
        ]
        return [*dict.fromkeys((*self.rule.asking(asked), *asked))]

    def check(self, methods: tuple[str, ...] | None) -> None:
        """Raise `OptionsError` unless these methods can be asked."""
        if methods is None:
            return
        packaged = tuple(self.explainers)
        if not methods or len(set(methods)) != len(methods) or not set(methods) <= set(packaged):
            raise OptionsError(
                f"methods must be one or more of {', '.join(packaged)}, each once, not "
                f"{', '.join(methods) or 'none'}"
            )

    def _enough(self, key: str, found: dict[str, Evidence], following: str, predicted: int) -> bool:
        """Tell whether a trace is done before the method that follows."""
        rule = self.rule
        if following in rule.methods and rule.settled(key, found) is None:
            return False
        return any(evidence.names == predicted for evidence in found.values())

    def _asked(
        self, name: str, activations: Activations, options: ReplyOptions, clock: Clock
    ) -> Evidence:
        method = self.explainers[name]
        if options.explain == "full":
            return method.explain_in_full(activations, lambda: clock.late() is not None)
        return method.explain(activations)
