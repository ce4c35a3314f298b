"""A full study of one network by the reconstruction of CNN-INTE."""

import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

import numpy as np

from explainers.fitting_contract import silent
from explainers.meta_forest.fitting.inte.atlas import Atlas, draw_atlas
from explainers.meta_forest.fitting.inte.fidelity import accuracy_claim, agreement
from explainers.meta_forest.fitting.inte.instance_card import card_svg
from explainers.meta_forest.fitting.inte.inte_picture import picture_of
from explainers.meta_forest.fitting.inte.pipeline import CnnInte, InteSettings, fit_cnn_inte
from explainers.meta_forest.fitting.inte.reading import ReadingSetting
from explainers.meta_forest.fitting.inte.selection import Selection, default_grid, select
from explainers.meta_forest.pictures.diagrams import tree_svg
from reasoned.fitting.study_cards import CardMaker, class_words
from reasoned.fitting.study_figures import StudyFigures, TrialFigure
from reasoned.fitting.study_measures import (
    claim_figure,
    complexity_figure,
    control_figures,
    factor_figures,
    rate_figure,
    route_figure,
    rule_figures,
    stability_figure,
)
from reasoned.fitting.study_page import Portrait, StudyPictures, study_page
from reasoned.fitting.study_pictures import DisplayScale, atlas_png
from reasoned.fitting.study_tables import StudyTables


@final
@dataclasses.dataclass(frozen=True, slots=True)
class StudySettings:
    """What a study tries.

    Attributes
    ----------
    inte
        Of the reconstruction; its `sizes` are replaced by the choice from the grid.
    grid
        The sizes to choose from; empty for the default grid.
    seeds
        How many fits the stability is judged by.

    """

    inte: InteSettings = dataclasses.field(
        default_factory=lambda: InteSettings(ReadingSetting(2, 10))
    )
    grid: tuple[ReadingSetting, ...] = ()
    seeds: int = 3


@final
@dataclasses.dataclass(frozen=True, slots=True)
class StudyReport:
    """What a study found."""

    figures: StudyFigures
    pictures: StudyPictures

    def to_json(self) -> str:
        """Give the figures as JSON."""
        return self.figures.model_dump_json(indent=1) + "\n"

    def to_html(self) -> str:
        """Give figures and pictures as one page that loads nothing."""
        return study_page(self.figures, self.pictures)

    def save(self, folder: Path) -> None:
        """Write ``study.json``, ``study.html``, ``tree.svg``, ``atlas.png`` and the cards."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "study.json").write_text(self.to_json(), encoding="utf-8")
        (folder / "study.html").write_text(self.to_html(), encoding="utf-8")
        (folder / "tree.svg").write_text(self.pictures.tree, encoding="utf-8")
        (folder / "atlas.png").write_bytes(self.pictures.atlas_png)
        for number, card in enumerate(self.pictures.cards):
            (folder / f"card-{number}.svg").write_text(card, encoding="utf-8")


def study(
    tables: StudyTables,
    settings: StudySettings,
    rng: np.random.Generator,
    progress: Callable[..., Iterable[ReadingSetting]] = silent,
) -> StudyReport:
    """Choose the sizes, fit, measure, run the controls and draw.

    Parameters
    ----------
    tables
        The activations of every split.
    settings
        What is tried.
    rng
        All randomness.
    progress
        Goes through the grid and shows how far it is.

    """
    grid = settings.grid or default_grid(len(tables.classes))
    choosing, fitting, measuring = rng.spawn(3)
    selection = select(tables.train, tables.validation, settings.inte, grid, choosing, progress)
    inte = dataclasses.replace(settings.inte, sizes=selection.chosen.sizes)
    fitted = fit_cnn_inte(tables.train, len(tables.classes), inte, fitting)
    maker = _card_maker(fitted, tables)
    figures = _Measurement(tables, maker, inte, selection, settings.seeds).figures(measuring)
    return StudyReport(figures, _pictures(maker, tables))


def _card_maker(fitted: CnnInte, tables: StudyTables) -> CardMaker:
    return CardMaker(
        fitted=fitted,
        atlas=draw_atlas(fitted.network.reading, tables.train),
        train=tables.train,
        test=tables.test,
        network_codes=fitted.network_codes(tables.test),
        forest_codes=fitted.forest_codes(tables.test),
        classes=tables.classes,
    )


@final
@dataclasses.dataclass(frozen=True, eq=False)
class _Measurement:
    """All that the figures are taken from."""

    tables: StudyTables
    maker: CardMaker
    inte: InteSettings
    selection: Selection
    seeds: int

    def figures(self, rng: np.random.Generator) -> StudyFigures:
        train, test = self.tables.train, self.tables.test
        fitted, codes = self.maker.fitted, self.maker.network_codes
        meta, controlling, repeating = fitted.network.meta, *rng.spawn(2)
        network = route_figure(meta, codes, test)
        forest = route_figure(meta, self.maker.forest_codes, test)
        right = agreement(test.predicted, test.labels)
        untrained = self.tables.untrained
        named, classes = meta.full.predict(codes), self.tables.classes
        return StudyFigures(
            reading=self.inte.reading,
            target=self.inte.target,
            base_input=self.inte.base_input,
            level_one=self.inte.sizes.level_one,
            level_two=self.inte.sizes.level_two,
            classes=list(classes),
            train_images=len(train),
            test_images=len(test),
            network_accuracy=rate_figure(right),
            network_route=network,
            forest_route=forest,
            controls=control_figures((train, test), untrained, self.inte, fitted, controlling),
            claim=claim_figure(accuracy_claim(forest.accuracy.share or 0.0, right.share)),
            factors=factor_figures(fitted, codes, self.maker.forest_codes),
            full_tree=complexity_figure(meta.full, codes),
            displayed_tree=complexity_figure(meta.display, codes),
            pruning=meta.pruning,
            trials=self._trials(),
            stability=stability_figure(train, test, self.inte, repeating, seeds=self.seeds),
            rules=rule_figures(meta.display, codes, test.predicted, classes),
            disagreements=test.rows[named != test.predicted].tolist(),
        )

    def _trials(self) -> list[TrialFigure]:
        return [
            TrialFigure(
                level_one=trial.sizes.level_one,
                level_two=trial.sizes.level_two,
                fidelity=rate_figure(trial.fidelity),
                leaves=trial.leaves,
            )
            for trial in self.selection.trials
        ]


def _pictures(maker: CardMaker, tables: StudyTables) -> StudyPictures:
    scale = DisplayScale.of(tables.train.pixels)
    title = "A reconstruction of CNN-INTE: the displayed tree"
    tree = picture_of(maker.fitted.network.meta.display, tables.classes, title)
    return StudyPictures(
        tree=tree_svg(tree),
        cards=tuple(card_svg(maker.card(position)) for position in maker.telling_positions()),
        atlas=_atlas_words(maker.atlas, scale, tables.classes),
        atlas_png=atlas_png(maker.atlas, scale),
    )


def _atlas_words(
    atlas: Atlas, scale: DisplayScale, classes: tuple[str, ...]
) -> tuple[tuple[str, tuple[Portrait, ...]], ...]:
    rows = []
    for factor, row in enumerate(atlas.portraits):
        portraits = tuple(
            Portrait(
                scale.uri(portrait.mean_image),
                f"c{portrait.cluster}, {portrait.size} images: "
                f"{class_words(portrait.histogram, classes, 2)}",
            )
            for portrait in row
        )
        rows.append((f"Factor {factor}: {atlas.titles[factor]}", portraits))
    return tuple(rows)
