"""The same network and data, explained by fits under several seeds: how far they agree."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any, final

from explainers.activations import ActivationTable
from explainers.errors import NotApplicableError
from reasoned.errors import OptionsError
from reasoned.stability.example_seeds import compare_examples
from reasoned.stability.figures import MethodSeeds, SeedFigures, SeedSettings
from reasoned.stability.fit_comparison import compare_fits
from reasoned.stability.own_data import OwnData
from reasoned.stability.refitting import Keeping, refit, seeded
from reasoned.stability.spacing import evenly

Progress = Callable[..., Iterable[int]]


@final
@dataclasses.dataclass(frozen=True)
class SeedRequest:
    """Which methods are fitted again, and how.

    Attributes
    ----------
    methods
        By name; those whose fit draws nothing are passed over.
    options
        Of each, by name, as `--set NAME.OPTION=VALUE` gives them.
    settings
        Under which seeds, on how many images.
    keeping
        Where fits are kept, so that a run that was stopped goes on; None to keep nothing.

    """

    methods: tuple[str, ...]
    options: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    settings: SeedSettings = dataclasses.field(default_factory=SeedSettings)
    keeping: Keeping | None = None


def seed_stability(data: OwnData, request: SeedRequest, progress: Progress) -> SeedFigures:
    """Fit every method under every seed, and compare the fits on test images in all pairs.

    Parameters
    ----------
    data
        The model's, from `own_data`.
    request
        Which methods, under which seeds.
    progress
        Shows long work.

    Raises
    ------
    OptionsError
        When none of the methods has a seed.

    """
    names, settings = seeded(request.methods), request.settings
    if not names:
        raise OptionsError(
            "the stability under seeds needs a method whose fit draws at random, and got "
            f"{', '.join(request.methods) or 'none'}; add meta_forest, for example"
        )
    test = spaced(data.test, settings.images)
    found, refused = list[MethodSeeds](), dict[str, str]()
    for name in names:
        given = dataclasses.replace(data.given, options=request.options.get(name, {}))
        try:
            fits = refit(name, given, settings.seeds, request.keeping, progress)
        except NotApplicableError as error:
            refused[name] = str(error)
            continue
        found.append(compare_fits(name, fits, test, progress))
    return SeedFigures(
        settings=settings,
        images=len(test),
        options={name: dict(request.options.get(name, {})) for name in names},
        methods=tuple(found),
        examples=compare_examples(data.given, test, settings.seeds),
        left_out=refused,
    )


def spaced(table: ActivationTable, most: int) -> ActivationTable:
    """Keep no more than `most` images of a table, evenly spaced."""
    rows = evenly(len(table), most)
    arrays: dict[str, Any] = {
        field.name: getattr(table, field.name) for field in dataclasses.fields(table)
    }
    taken = {name: array[rows] for name, array in arrays.items() if array is not None}
    return dataclasses.replace(table, **taken)
