"""From images and a network to a sealed model folder."""

import dataclasses
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import final

import numpy as np

from explainers.activations import ActivationTable
from explainers.contract import Explainer
from explainers.errors import NotApplicableError
from explainers.fitting_contract import FittingData
from explainers.fitting_registry import FITTERS, OPTIONS
from explainers.neighbours.fitting import choose_representatives, fit_whole_set, recall
from explainers.neighbours.served import Representatives, WholeSet
from explainers.reliability import Calibration
from explainers.support.fitting import fit_support
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.splits import Splits, all_rows, make_splits
from reasoned.errors import OptionsError
from reasoned.explaining import Parts
from reasoned.fitting.activations import tabulate
from reasoned.fitting.calibration import Judged, count_reliability, judge_all
from reasoned.fitting.choosing import choose_rule
from reasoned.fitting.distinct import distinct_images, share_images
from reasoned.fitting.drift_images import Held
from reasoned.fitting.figures import report
from reasoned.fitting.input_range import input_range
from reasoned.fitting.inputs import Built, build, settle_preprocessing
from reasoned.fitting.packing import Packed, pack
from reasoned.fitting.pixels import prepare_pixels
from reasoned.fitting.settings import FitSettings
from reasoned.fitting.trust import check_accuracy
from reasoned.folder.manifest import Figure
from reasoned.images.preprocessing import Preprocessing

Bar = Callable[..., Iterable[int]]
SPLITS = ("train", "validation", "calibration", "test")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Tables:
    """The activations of every split."""

    train: ActivationTable
    validation: ActivationTable
    calibration: ActivationTable
    test: ActivationTable


def fit_model(settings: FitSettings, folder: Path, progress: Bar) -> dict[str, Figure]:
    """Fit everything and write it into an empty folder.

    Parameters
    ----------
    settings
        What to fit, on what.
    folder
        An empty folder, such as `reasoned.folder.writing.new_folder` gives.
    progress
        Shows long work.

    Returns
    -------
    dict
        The figures of the test split, as in the manifest.

    """
    check_methods(settings.methods)
    check_options(settings.options)
    preprocessing = settle_preprocessing(settings)
    with tempfile.TemporaryDirectory(prefix="reasoned-", dir=settings.scratch) as scratch:
        built, tables = tabulate_splits(settings, preprocessing, folder, Path(scratch), progress)
        check_accuracy(tables.validation, settings.dataset.classes, built.network, preprocessing)
        return _fit_methods(settings, preprocessing, built, tables, folder, progress)


def check_methods(methods: tuple[str, ...]) -> None:
    """Raise `OptionsError` for a method that cannot be fitted."""
    unknown = sorted(set(methods) - set(FITTERS))
    if unknown:
        raise OptionsError(f"--methods must be among {', '.join(FITTERS)}, not {unknown[0]!r}")


def check_options(options: Mapping[str, Mapping[str, str]]) -> None:
    """Raise `OptionsError` or `FittingError` for an option that no method reads."""
    for name, given in options.items():
        if name not in OPTIONS:
            raise OptionsError(f"--set {name}.{next(iter(given))}: {name} has no options")
        OPTIONS[name](given)


def fit_splits(settings: FitSettings) -> Splits:
    """Split the data as the fit does: what is trained before it may see ``train`` only."""
    rng = np.random.default_rng([settings.seed, 1])
    return make_splits(settings.dataset, rng, own_calibration=settings.calibration is None)


def tabulate_splits(
    settings: FitSettings, preprocessing: Preprocessing, folder: Path, scratch: Path, progress: Bar
) -> tuple[Built, Tables]:
    """Split and prepare the images, build the network, and run it over every split."""
    apart = settings.calibration
    splits = fit_splits(settings)
    sources: dict[str, tuple[Dataset, np.ndarray[tuple[int], np.dtype[np.int64]]]] = {
        name: (settings.dataset, getattr(splits, name)) for name in SPLITS
    }
    if apart is not None:
        sources["calibration"] = (apart, all_rows(apart))
    pixels = {
        name: prepare_pixels(dataset, rows, preprocessing, scratch / f"{name}.npy", progress)
        for name, (dataset, rows) in sources.items()
    }
    labels = {name: dataset.labels[rows] for name, (dataset, rows) in sources.items()}
    train = (pixels["train"], labels["train"])
    built = build(settings, preprocessing, train, folder, progress)
    found = {
        name: tabulate(built.network, pixels[name], rows, labels[name], scratch / name, progress)
        for name, (_, rows) in sources.items()
    }
    return built, Tables(**found)


def _fit_methods(
    settings: FitSettings,
    preprocessing: Preprocessing,
    built: Built,
    tables: Tables,
    folder: Path,
    progress: Bar,
) -> dict[str, Figure]:
    dataset = settings.dataset
    data = FittingData(
        train=tables.train,
        validation=tables.validation,
        classes=dataset.classes,
        example_ids=dataset.example_id,
        head=built.tapped.head,
        head_reason=built.tapped.head_reason,
        upper=built.upper,
        upper_reason=built.upper_reason,
        channel_map=built.channel_map,
        input_range=input_range(preprocessing),
        lower=built.lower,
        threads=settings.threads,
    )
    explainers, refused = _explainers(settings, data, progress)
    rng = np.random.default_rng([settings.seed, 2])
    representatives = choose_representatives(
        tables.train, dataset.classes, dataset.example_id, distinct_images(tables.train), rng
    )
    support = fit_support(tables.train, tables.validation, representatives, rng, progress)
    regional = [name for name, method in explainers.items() if method.regions()]

    def judged(table: ActivationTable) -> list[Judged]:
        return judge_all(table, explainers, representatives, support, progress)

    rule = choose_rule(judged(tables.validation), regional)
    seen = calibration_seen(settings, built, tables)
    reliability = count_reliability(judged(tables.calibration), rule, seen)
    parts = Parts(
        network=built.network,
        preprocessing=preprocessing,
        classes=dataset.classes,
        explainers=explainers,
        representatives=representatives,
        support=support,
        rule=rule,
        reliability=reliability,
        whole=_whole(settings, tables, representatives, rng),
    )
    figures = report(judged(tables.test), rule)
    if parts.whole is not None:
        figures["examples_recall"] = round(recall(parts.whole, tables.validation), 6)
    counts = {name: len(getattr(tables, name)) for name in SPLITS}
    packed = Packed(
        settings=settings,
        built=built,
        parts=parts,
        refused=refused,
        figures=figures,
        counts=counts,
        seen=seen,
        rows=tables.train.rows,
        validation=Held(dataset, tables.validation.rows),
        calibration=Held(
            dataset if settings.calibration is None else settings.calibration,
            tables.calibration.rows,
        ),
    )
    pack(packed, folder, progress)
    return figures


def _whole(
    settings: FitSettings,
    tables: Tables,
    representatives: Representatives,
    rng: np.random.Generator,
) -> WholeSet | None:
    if settings.examples == "representatives":
        return None
    return fit_whole_set(tables.train, representatives, settings.dataset.example_id, rng)


def _explainers(
    settings: FitSettings, data: FittingData, progress: Bar
) -> tuple[dict[str, Explainer], dict[str, str]]:
    """Fit every wanted method that can explain the network.

    A method that refuses is noted with its reason, which the model card repeats; where
    all refuse there is no model.
    """
    found: dict[str, Explainer] = {}
    refused: dict[str, str] = {}
    companions = {} if settings.trained is None else settings.trained.companions
    for position, name in enumerate(FITTERS):
        if name not in settings.methods:
            continue
        rng = np.random.default_rng([settings.seed, 3, position])
        try:
            own = dataclasses.replace(
                data,
                options=settings.options.get(name, {}),
                companion=companions.get(name),
                kept=None if settings.kept is None else settings.kept / name,
            )
            found[name] = FITTERS[name](own, rng, progress)
        except NotApplicableError as error:
            refused[name] = str(error)
    if not found:
        raise NotApplicableError("; ".join(refused.values()))
    return found, refused


def calibration_seen(settings: FitSettings, built: Built, tables: Tables) -> Calibration:
    """Say whether the network may have been trained on the calibration images.

    Images that were given apart are believed to be new, unless one of them turns up among
    those that are fitted on here.
    """
    if settings.calibration is not None:
        fitted = (tables.train, tables.validation)
        held = not any(share_images(table, tables.calibration) for table in fitted)
    else:
        held = built.trained_here
    return "held_out" if held else "may_have_been_seen"
