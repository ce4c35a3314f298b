"""Which route a path belongs to, by its template: of those there are few."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Self, final

from starlette.routing import BaseRoute, Mount, Route, compile_path

UNMATCHED: Final = "unmatched"


@final
class Templates:
    """The templates of an application's routes.

    Parameters
    ----------
    templates
        Such as ``/v1/examples/{id}.png``, with starlette's convertors.

    """

    def __init__(self, templates: Iterable[str]) -> None:
        found = [*dict.fromkeys(templates)]
        self._plain = {template: template for template in found if "{" not in template}
        self._patterns: list[tuple[re.Pattern[str], str]] = [
            compile_path(template)[:2] for template in found if "{" in template
        ]

    @classmethod
    def of(cls, routes: Iterable[BaseRoute]) -> Self:
        """Read them off the routes, those of mounted applications included."""
        return cls(_templates(routes, ""))

    def match(self, path: str) -> str:
        """Give a path's template, or ``unmatched``."""
        found = self._plain.get(path)
        if found is not None:
            return found
        for pattern, template in self._patterns:
            if pattern.match(path):
                return template
        return UNMATCHED


def _templates(routes: Iterable[BaseRoute], prefix: str) -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from _templates(route.routes, prefix + route.path)
        elif isinstance(route, Route):
            yield prefix + route.path
