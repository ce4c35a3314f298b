import numpy as np

from explainers.mixture.fitting.relabelling import relabelled
from explainers.mixture.fitting.running import Running
from explainers.mixture.fitting.sweep import Swept
from tests.explainers.mixture.regimes import a_state

STATE = a_state(
    np.array([0, 0, 0, 1, 1, 2]), np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.zeros(3, int)
)


def swept(order: list[int], log_posterior: float = 0.0) -> Swept:
    return Swept(relabelled(STATE, np.array(order)), -1.0, log_posterior)


def test_draws_are_kept_under_the_references_labels() -> None:
    running = Running.begin(STATE, 16)
    for _ in range(8):
        running.take(swept([0, 1, 2]))

    for order in ([0, 1, 2], [1, 2, 0], [2, 1, 0], [1, 0, 2]):
        running.take(swept(order))

    np.testing.assert_array_equal(running.averages.mean, STATE.b)
    np.testing.assert_allclose(running.averages.deviation, np.zeros((3, 2)), atol=1e-12)
    np.testing.assert_array_equal(running.state.b, STATE.b[[1, 0, 2]])


def test_the_reference_is_the_best_draw_of_the_second_half_of_the_burn_in() -> None:
    running = Running.begin(STATE, 16)
    scores = [99.0, 0, 0, 0, 1.0, 7.0, 3.0, 2.0, 500.0]
    orders = [[2, 1, 0]] * 5 + [[1, 2, 0]] + [[0, 1, 2]] * 3

    for order, score in zip(orders, scores, strict=True):
        running.take(swept(order, score))

    assert running.best == 7.0
    np.testing.assert_array_equal(running.reference, relabelled(STATE, np.array([1, 2, 0])).z)
    assert running.averages.draws == 1
