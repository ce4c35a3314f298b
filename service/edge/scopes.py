"""Which scope each route wants: a route that is not named here is served to nobody with a key."""

import dataclasses
import re
from collections.abc import Iterable
from typing import Final, final

from starlette.routing import compile_path

from service.caller import ADMIN, PREDICT, READ

_PREDICT: Final = frozenset({PREDICT})
_READ: Final = frozenset({READ})
_EITHER: Final = frozenset({PREDICT, READ})
_ADMIN: Final = frozenset({ADMIN})
_ANY: Final[frozenset[str]] = frozenset()


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    """What one route wants.

    Attributes
    ----------
    method
        The HTTP method; GET stands for HEAD too.
    template
        The path, with its parameters as the router writes them.
    scopes
        One of these is enough.

    """

    method: str
    template: str
    scopes: frozenset[str]


RULES: Final[tuple[Rule, ...]] = (
    Rule("POST", "/v1/predict", _PREDICT),
    Rule("POST", "/v1/predict/batch", _PREDICT),
    Rule("POST", "/predict", _PREDICT),
    Rule("GET", "/", _EITHER),
    Rule("GET", "/openapi.json", _EITHER),
    Rule("GET", "/schema.json", _EITHER),  # what BentoML's own client asks for first
    Rule("GET", "/v1/model", _EITHER),
    Rule("GET", "/v1/model/tree.svg", _EITHER),
    Rule("GET", "/v1/examples/{id}.png", _EITHER),
    Rule("GET", "/v1/regions/{method}/{region}.png", _EITHER),
    Rule("GET", "/metrics", _READ),
    Rule("GET", "/v1/explanations", _READ),
    Rule("GET", "/v1/explanations/{id}.html", _READ),
    Rule("GET", "/v1/explanations/{id}", _READ),
    Rule("GET", "/v1/explanations/{id}/image", _READ),
    Rule("GET", "/v1/examples/{id}/decisions", _READ),
    # Who was answered may say that the answer was wrong.
    Rule("POST", "/v1/explanations/{id}/feedback", _PREDICT),
    Rule("GET", "/v1/drift", _READ),
    Rule("GET", "/v1/drift.html", _READ),
    Rule("GET", "/v1/alarms", _READ),
    Rule("GET", "/v1/alarms/{number}.html", _READ),
    Rule("GET", "/v1/alarms/{number}", _READ),
    Rule("POST", "/v1/alarms/{number}/acknowledge", _ADMIN),
    Rule("GET", "/v1/opt-out", _ADMIN),
    Rule("GET", "/v1/opt-out/{id}", _ADMIN),
    Rule("PUT", "/v1/opt-out/{id}", _ADMIN),
    Rule("DELETE", "/v1/opt-out/{id}", _ADMIN),
)


@final
@dataclasses.dataclass(frozen=True, slots=True)
class ScopeTable:
    """Look up what a request wants; paths are matched as the router matches them.

    Attributes
    ----------
    fixed
        For paths without parameters: method to scopes.
    patterns
        For the others, in their order.

    """

    fixed: dict[str, dict[str, frozenset[str]]]
    patterns: tuple[tuple[re.Pattern[str], dict[str, frozenset[str]]], ...]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> "ScopeTable":
        """Sort rules by path."""
        by_path: dict[str, dict[str, frozenset[str]]] = {}
        for rule in rules:
            by_path.setdefault(rule.template, {})[rule.method] = rule.scopes
        fixed = {path: methods for path, methods in by_path.items() if "{" not in path}
        patterns = tuple(
            (compile_path(path)[0], methods) for path, methods in by_path.items() if "{" in path
        )
        return cls(fixed, patterns)

    def wanted(self, method: str, path: str) -> frozenset[str] | None:
        """Give the scopes of which one is wanted.

        Returns
        -------
        scopes
            Empty where the path is known and the method is not: the router then says which it
            takes. None where the path is not known.

        """
        method = "GET" if method == "HEAD" else method
        methods = self.fixed.get(path)
        if methods is not None:
            return methods.get(method, _ANY)
        found = [methods for pattern, methods in self.patterns if pattern.match(path)]
        if not found:
            return None
        return next((methods[method] for methods in found if method in methods), _ANY)


TABLE: Final = ScopeTable.of(RULES)
