"""What is asked of an evaluation, and what every evaluation gives."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Generic, Literal, TypeVar, final

from reasoned.evaluation.figures import EvaluationSettings
from reasoned.folder.manifest import Frozen

Figures_co = TypeVar("Figures_co", bound=Frozen, covariant=True)


@final
@dataclasses.dataclass(frozen=True)
class Request:
    """Which model, on which data, and how.

    Attributes
    ----------
    model
        A model folder.
    data, data_dir, groups
        The data that it was fitted on, as `reasoned fit` was told.
    settings
        How many images, how they are masked, and the seed.
    examples
        How many images a page explains one by one, where it does.
    lime_samples
        How many samples LIME is fitted on for each image, where it is; 0 leaves it out.
    classes
        Which classes are tested, by name; all where none is named (mixture).
    protocol
        How pixels are perturbed: plainly, or amplified as in the authors' code (mixture).
    null
        What removed pixels become (mixture).

    """

    model: Path
    data: str
    data_dir: Path | None
    groups: str | None
    settings: EvaluationSettings
    examples: int = 16
    lime_samples: int = 500
    classes: tuple[str, ...] = ()
    protocol: Literal["plain", "amplified"] = "plain"
    null: Literal["black", "mean"] = "black"


@final
@dataclasses.dataclass(frozen=True)
class Section:
    """One table, for a terminal and for a page.

    Attributes
    ----------
    heading
        What it shows.
    note
        How to read it.
    rows
        Each of as many words; the first holds the columns' names.

    """

    heading: str
    note: str
    rows: tuple[tuple[str, ...], ...]


@final
@dataclasses.dataclass(frozen=True)
class Report(Generic[Figures_co]):
    """What was found.

    Attributes
    ----------
    figures
        As they are written to a file.
    sections
        The same as tables.
    sentences
        What the tables say.
    page
        All of it as HTML that needs nothing else.
    name
        Of the files that it is written to.

    """

    figures: Figures_co
    sections: tuple[Section, ...]
    sentences: tuple[str, ...]
    page: str
    name: str = "evaluation"

    def save(self, folder: Path) -> None:
        """Write ``NAME.json`` and ``NAME.html`` into an existing folder."""
        written = self.figures.model_dump_json(indent=2) + "\n"
        (folder / f"{self.name}.json").write_text(written, encoding="utf-8")
        (folder / f"{self.name}.html").write_text(self.page, encoding="utf-8")


Evaluation = Report[Frozen]
Evaluator = Callable[[Request, Callable[..., Iterable[int]]], Evaluation]
