"""The metrics of Quantus, image by image, with every parameter given."""

import importlib
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import torch

from explainers.arrays import AnyArray, DoubleArray
from explainers.errors import NotApplicableError
from reasoned.errors import OptionsError
from reasoned.judges.explaining_again import Judged, accepted
from reasoned.judges.settings import JudgeSettings, Metric
from reasoned.judges.similarity import pearson_rows, spearman_rows

# What every metric is given: pictures come scaled, bars and warnings are our own.
_PLAIN: Final = {
    "abs": False,
    "normalise": False,
    "disable_warnings": True,
    "display_progressbar": False,
}
# A black pixel that is blackened is no mistake of the settings.
_NO_CHANGE: Final = "The settings for perturbing input e.g., 'perturb_func' didn't cause change"
Scorer = Callable[[Any, Judged, JudgeSettings], DoubleArray]


def quantus_scores(metric: Metric, judged: Judged, settings: JudgeSettings) -> DoubleArray:
    """Score one method's pictures by one metric; shape (images).

    Parameters
    ----------
    metric
        One of `QUANTUS_METRICS`.
    judged
        The pictures.
    settings
        The metric's parameters.

    Raises
    ------
    OptionsError
        When Quantus is not installed.
    NotApplicableError
        When the metric says nothing of such a method or such images.

    """
    with _drawing(settings.seed), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=_NO_CHANGE, category=UserWarning)
        found = QUANTUS_METRICS[metric](_quantus(), judged, settings)
    return np.asarray(found, np.float64)


def quantus_version() -> str:
    """Give the version of Quantus that is installed.

    Raises
    ------
    OptionsError
        When there is none.

    """
    return str(_quantus().__version__)


def _quantus() -> Any:  # noqa: ANN401  Quantus is imported when it is asked for, and a slow import
    try:
        return importlib.import_module("quantus")
    except ImportError as error:
        raise OptionsError(
            "judging explanations needs Quantus, which is not installed; install reasoned[bench]"
        ) from error


@contextmanager
def _drawing(seed: int) -> Iterator[None]:
    """Seed the generators that Quantus draws from, which are global, and put them back."""
    before = np.random.get_state()  # noqa: NPY002  Quantus has no other generator
    np.random.set_state(np.random.RandomState(seed).get_state())  # noqa: NPY002  the same
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            yield
    finally:
        np.random.set_state(before)  # noqa: NPY002  the same


def _asked(metric: Any, judged: Judged, **more: object) -> Any:  # noqa: ANN401  lists, arrays, tables
    given: dict[str, object] = {
        "x_batch": judged.pixels,
        "y_batch": judged.classes,
        "a_batch": accepted(judged.pictures)[:, None],
        "batch_size": len(judged.pixels),
    }
    return metric(model=judged.network, channel_first=True, **(given | more))


def _pixel_flipping(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  Quantus has no types
    """Blacken a row's worth of pixels at a time; the area under the class's probability."""
    step = judged.pixels.shape[3]
    metric = quantus.PixelFlipping(features_in_step=step, perturb_baseline="black", **_PLAIN)
    ranked = judged.ranked(settings.seed)[:, None]
    curves = np.asarray(_asked(metric, judged, a_batch=ranked, softmax=True))
    # Quantus' own area needs a function that numpy no longer has, and depends on the steps.
    return np.asarray(np.trapezoid(curves, axis=1) / max(curves.shape[1] - 1, 1))


def _faithfulness_correlation(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  the same
    """Correlate how far a logit falls with what the picture says of the values removed."""
    metric = quantus.FaithfulnessCorrelation(
        similarity_func=pearson_rows,
        nr_runs=settings.runs,
        subset_size=max(1, round(settings.subset * judged.pixels[0].size)),
        perturb_baseline="black",
        return_aggregate=False,
        **_PLAIN,
    )
    return np.asarray(_asked(metric, judged, softmax=False))


def _road(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  the same
    """Fill in pixels from their neighbours; the share of fillings that keep the class."""
    if judged.pixels.shape[1] != 1:
        raise NotApplicableError(
            "ROAD of Quantus fills in pixels of one channel, and these images have "
            f"{judged.pixels.shape[1]}"
        )
    ranked, found = judged.ranked(settings.seed), []
    for i in range(len(judged.pixels)):
        # One by one: of several batches Quantus would count the first alone, and gives means.
        metric = quantus.ROAD(percentages=list(settings.removed), **_PLAIN)
        own = slice(i, i + 1)
        given: dict[str, AnyArray] = {
            "x_batch": judged.pixels[own],
            "y_batch": judged.classes[own],
            "a_batch": ranked[own, None],
        }
        kept = _asked(metric, judged, **given)
        found.append(np.mean([float(kept[share]) for share in settings.removed]))
    return np.array(found)


def _max_sensitivity(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  the same
    """Find the largest change of the picture, relative to it, under uniform noise."""
    width = float(np.ptp(judged.pixels))
    metric = quantus.MaxSensitivity(
        nr_samples=settings.draws,
        lower_bound=settings.noise * width,
        norm_denominator=_length,
        **_PLAIN,
    )
    return np.asarray(_asked(metric, judged, explain_func=_explain(judged)))


def _random_logit(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  the same
    """Compare the picture with that of another class, drawn at random, by ranks."""
    if not judged.method.of_any_class:
        raise NotApplicableError(
            f"{judged.method.name} explains the network's own class, and no other"
        )
    classes = judged.network.logits(judged.pixels[:1]).shape[1]
    metric = quantus.RandomLogit(
        similarity_func=spearman_rows, num_classes=classes, seed=settings.seed, **_PLAIN
    )
    return np.asarray(_asked(metric, judged, explain_func=_explain(judged)))


def _parameter_randomisation(quantus: Any, judged: Judged, settings: JudgeSettings) -> DoubleArray:  # noqa: ANN401  the same
    """Compare the picture with those of the network losing one layer after the other."""
    metric = quantus.MPRT(
        similarity_func=spearman_rows, layer_order="top_down", seed=settings.seed, **_PLAIN
    )
    found = _asked(metric, judged, explain_func=_explain(judged))
    # Quantus would average the trained network's own 1 in.
    rows = np.array([row for name, row in found.items() if name != "original"])
    return np.asarray(rows.mean(axis=0))


def _explain(judged: Judged) -> Callable[..., DoubleArray]:
    def explain(model: torch.nn.Module, inputs: AnyArray, targets: AnyArray) -> DoubleArray:
        return judged.again(model, inputs, targets)

    return explain


def _length(a: AnyArray) -> DoubleArray:
    """Give lengths of scaled pictures (images, pixels), which are 1 or more unless flat."""
    found: DoubleArray = np.maximum(np.linalg.norm(a, axis=1), 1.0)
    return found


QUANTUS_METRICS: Final[dict[Metric, Scorer]] = {
    "pixel_flipping": _pixel_flipping,
    "faithfulness_correlation": _faithfulness_correlation,
    "road": _road,
    "max_sensitivity": _max_sensitivity,
    "random_logit": _random_logit,
    "parameter_randomisation": _parameter_randomisation,
}
