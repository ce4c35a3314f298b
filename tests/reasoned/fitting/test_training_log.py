"""What is said while a training runs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explainers.attributes.fitting.schedule import StageWeights
from explainers.attributes.fitting.training import EpochRecord
from reasoned.fitting.by_design_watching import Begun
from reasoned.fitting.training_log import TrainingLog, begun_words, duration, epoch_words

LEFT = "the 7 epochs left will take about 6 min (55 s an epoch, measured here)."
RECORD = EpochRecord(
    epoch=5,
    weights=StageWeights(0.5, 0.8, 0.2, 0.2, 0.1),
    terms={
        "prediction": 0.25,
        "output_fidelity": 0.5,
        "input_fidelity": 0.04,
        "conciseness": 1.0,
        "diversity": 2.5,
        "l1": 0.75,
    },
    rate=3e-4,
    cpu_seconds=55.4,
)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.62, "0.6 s"), (55.4, "55 s"), (119, "119 s"), (660, "11 min"), (9000, "2.5 h")],
)
def test_a_time_is_said_as_one_would(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@given(st.floats(0, 1e6))
def test_a_time_always_has_a_unit(seconds: float) -> None:
    assert duration(seconds).split()[1] in ("s", "min", "h")


@pytest.mark.parametrize(
    ("begun", "said"),
    [
        (
            Begun(0, 12, 800, 55.0),
            "12 epochs will take about 11 min (55 s an epoch, measured here).",
        ),
        (
            Begun(5, 12, 8, 55.0),
            f"Going on after epoch 5 of 12: {LEFT}",
        ),
        (Begun(12, 12, 800, 0.0), "All 12 epochs were trained before."),
    ],
)
def test_it_says_how_long_it_will_take(begun: Begun, said: str) -> None:
    assert begun_words(begun) == said


def test_an_epoch_is_one_line_of_terms_and_their_weights() -> None:
    assert epoch_words(RECORD, 12) == (
        "epoch 5/12: L_pred 0.2500 x 1, L_of 0.5000 x 0.5, L_if 0.0400 x 0.8, E(Phi) 1.0000 x 0.2, "
        "E(mean Phi) 2.5000 x -0.2, l1 0.7500 x 0.1; rate 0.0003, 55 s of CPU"
    )


def test_it_speaks_on_standard_error_only(capsys: pytest.CaptureFixture[str]) -> None:
    log = TrainingLog()
    log.begins(Begun(4, 5, 3, 1.0))
    assert list(log.steps(range(3), "epoch 5 of 5")) == [0, 1, 2]
    log.passed(RECORD)
    log.close()
    printed = capsys.readouterr()

    assert printed.out == ""
    assert printed.err.splitlines() == [
        begun_words(Begun(4, 5, 3, 1.0)),
        epoch_words(RECORD, 5),
    ]


def test_steps_go_by_without_a_bar_too() -> None:
    log = TrainingLog()

    assert list(log.steps(range(2), "epoch 1 of 1")) == [0, 1]
    log.close()
