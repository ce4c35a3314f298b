"""The figures of a report, written down by hand."""

from typing import Any

import numpy as np

from reasoned.assessment.figures import (
    AssessmentFigures,
    AssessmentSettings,
    BinFigures,
    CostFigures,
    GroupFigures,
    PaperRow,
    ReliabilityFigures,
    Sentence,
    ShareFigures,
    ShiftFigures,
    StrangerFigures,
)
from reasoned.assessment.page_samples import Samples
from reasoned.judges.figures import (
    Curve,
    JudgeFigures,
    MethodFigures,
    Rivalry,
    SanityFigures,
    Score,
    ShuffledFigures,
)
from reasoned.judges.pictures import Kind
from reasoned.judges.settings import DIRECTIONS, JudgeSettings, Metric
from reasoned.stability.figures import (
    ExampleSeeds,
    MethodNoise,
    MethodSeeds,
    NoiseFigures,
    NoiseLevel,
    NoiseSettings,
    Range,
    SeedFigures,
    SeedSettings,
)

SHA = "0123456789abcdef" * 4
GREY = np.full((8, 8, 1), 90, np.uint8)
HALF = Range(mean=0.5, least=0.25, most=0.75)


def group(
    name: str, agreed: int, of: int, lower: float, p_value: float, *, broken: bool = False
) -> GroupFigures:
    """Make a group of the statement."""
    return GroupFigures(
        kind="statement",
        name=name,
        estimate=0.9,
        lower=lower,
        agreed=agreed,
        of=of,
        p_value=p_value,
        broken=broken,
    )


def bins(*points: tuple[float, float, int]) -> tuple[BinFigures, ...]:
    """Make bins of an estimate, what came, and how many images."""
    return tuple(
        BinFigures(
            estimate=estimate,
            observed=observed,
            low=max(0.0, observed - 0.05),
            high=min(1.0, observed + 0.05),
            of=of,
        )
        for estimate, observed, of in points
    )


def part(name: str, of: int, fidelity: float | None = 0.9) -> ShareFigures:
    """Make some of a hundred images."""
    return ShareFigures(name=name, of=of, share=of / 100, fidelity=fidelity, accuracy=fidelity)


def reliability() -> ReliabilityFigures:
    """Make what is always there."""
    return ReliabilityFigures(
        images=100,
        accuracy=0.9,
        fidelity=0.95,
        estimated=98,
        calibration_error=0.012,
        calibration_error_by_chance=0.005,
        bounds_broken_share=0.5,
        diagram=bins((0.6, 0.7, 20), (0.97, 0.98, 40), (0.99, 0.99, 40)),
        groups=(
            group("leaf-1", 49, 50, 0.9, 0.99),
            group("leaf-<2>", 10, 48, 0.95, 1e-9, broken=True),
        ),
        statuses=(part("supported", 90), part("weak", 10, 0.5), part("out_of_support", 0, None)),
        classes=(part("cat & dog", 60, 0.99), part("bird", 40, 0.8), part("fish", 0, None)),
        wrong=part("the network is wrong", 10, 0.7),
        methods=(part("meta_forest", 100),),
    )


def shifts() -> tuple[ShiftFigures, ...]:
    """Make one kind of change in three severities; the last promises too much."""
    return tuple(
        ShiftFigures(
            kind="odd noise",
            severity=severity,
            what=f"by {severity}",
            images=20,
            supported=supported,
            weak=0.0,
            out_of_support=1.0 - supported,
            accuracy=0.9,
            fidelity=0.9,
            supported_fidelity=fidelity,
        )
        for severity, supported, fidelity in ((0, 0.9, 0.99), (1, 0.5, 0.98), (2, 0.25, 0.8))
    )


def least_report() -> AssessmentFigures:
    """Make figures of which everything that may be missing is."""
    return AssessmentFigures(
        model="pets",
        sha256=SHA,
        data="folder:./pets",
        command="reasoned evaluate models/pets --data folder:./pets",
        settings=AssessmentSettings(),
        splits={"train": 800, "test": 100},
        libraries={"numpy": "2.4"},
        seconds=12.0,
        left_out=("judges: reasoned[bench] is not installed",),
        summary=(
            Sentence(holds=True, text="Bounds hold: `0 of 2`."),
            Sentence(holds=False, text="The estimate is off."),
            Sentence(holds=None, text="Nothing was shifted."),
        ),
        reliability=reliability(),
        shift=(),
        strangers=(),
        judges=None,
        stability=None,
        cost=(),
        paper=(),
    )


def whole_report() -> AssessmentFigures:
    """Make figures of which nothing is missing."""
    updated: dict[str, Any] = {
        "shift": shifts(),
        "strangers": (
            StrangerFigures(
                name="static", what="noise", images=20, not_supported=0.9, out_of_support=0.8
            ),
        ),
        "judges": judged().model_dump(mode="json"),
        "stability": {
            "noise": noise().model_dump(mode="json"),
            "seeds": seeds().model_dump(mode="json"),
        },
        "cost": (
            CostFigures(name="saliency", kind="peer", milliseconds=2000.0, passes=4000.0),
            CostFigures(name="meta_forest", kind="ours", milliseconds=0.5, passes=1.0),
        ),
        "paper": (PaperRow(method="CNN-INTE", figure="f", paper="1", ours="2", note="n"),),
    }
    return least_report().model_copy(update=updated)


def samples() -> Samples:
    """Make sample pictures for the whole report."""
    return Samples(
        {("odd noise", severity): GREY for severity in range(3)}, {"static": (GREY, GREY)}
    )


def score(method: str, kind: Kind, metric: Metric, mean: float) -> Score:
    """Make a score whose interval reaches 0.01 to either side."""
    return Score(
        method=method,
        kind=kind,
        metric=metric,
        direction=DIRECTIONS[metric],
        mean=mean,
        low=mean - 0.01,
        high=mean + 0.01,
        of=20,
    )


def rivalry(metric: Metric, gain: float) -> Rivalry:
    """Make a rivalry whose interval reaches 0.01 to either side."""
    low, high = gain - 0.01, gain + 0.01
    return Rivalry(
        metric=metric,
        ours="mixture",
        peer="saliency",
        gain=gain,
        low=low,
        high=high,
        verdict="the peer is better"
        if low > 0
        else "ours is better"
        if high < 0
        else "no clear difference",
    )


def judged() -> JudgeFigures:
    """Make what judges found of one method of ours, a peer and a control."""
    kinds: dict[str, Kind] = {"mixture": "ours", "saliency": "peer", "random": "control"}
    methods = tuple(
        MethodFigures(name=name, kind=kind, signed=False, stays="", flat=0.0, seconds=0.01)
        for name, kind in kinds.items()
    )
    curve = {"shares": (0.0, 0.5, 1.0), "chances": (0.9, 0.4, 0.1)}
    return JudgeFigures(
        model="pets",
        sha256=SHA,
        images=20,
        settings=JudgeSettings(),
        quantus="0.6.0",
        network_difference=1e-6,
        methods=methods,
        scores=(
            score("mixture", "ours", "pixel_flipping", 0.4),
            score("saliency", "peer", "pixel_flipping", 0.3),
            score("random", "control", "pixel_flipping", 0.41),
            score("mixture", "ours", "insertion", 0.8),
            score("saliency", "peer", "insertion", 0.6),
            score("random", "control", "insertion", 0.5),
        ),
        rivalries=(rivalry("pixel_flipping", 0.1), rivalry("insertion", -0.2)),
        curves=tuple(Curve(method=name, metric="insertion", **curve) for name in kinds),
        sanity=(
            SanityFigures(
                check="names the network's class",
                method="mixture",
                trained=0.9,
                redrawn=0.0,
                shuffled_labels=0.6,
                limit=0.5,
                passed=False,
                note="it reads pixels",
            ),
        ),
        shuffled=ShuffledFigures(
            images=100, epochs=2, accuracy_on_shuffled=0.2, accuracy_on_unseen=0.1, chance=0.1
        ),
        left_out={"attributes": "it draws no picture"},
        seconds=3.0,
    )


def noise() -> NoiseFigures:
    """Make steadiness under one strength of noise."""
    method = MethodNoise(
        method="meta_forest",
        form="path",
        draws=10,
        names_changed=0.1,
        region_changed=0.3,
        steps_changed=0.2,
        change=0.05,
        lipschitz_mean=3.0,
        lipschitz=4.0,
        lipschitz_largest=5.0,
    )
    level = NoiseLevel(
        sigma=2.0,
        input_change=0.01,
        class_kept=0.9,
        first_changed=0.0,
        status_changed=0.0,
        nearest_changed=0.1,
        methods=(method,),
    )
    return NoiseFigures(settings=NoiseSettings(), images=10, levels=(level,))


def seeds() -> SeedFigures:
    """Make steadiness under seeds."""
    method = MethodSeeds(
        method="representative",
        seconds=HALF,
        fidelity=HALF,
        coverage=HALF,
        regions=HALF,
        same_class=None,
        rand_index=HALF,
        jaccard=HALF,
        picture_correlation=HALF,
    )
    return SeedFigures(
        settings=SeedSettings(),
        images=10,
        options={},
        methods=(method,),
        examples=ExampleSeeds(examples=HALF, overlap=HALF, same_nearest=HALF),
        left_out={"mixture": "too slow"},
    )
