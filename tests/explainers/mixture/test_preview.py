import numpy as np

from explainers.mixture.fitting.preview import preview, quick_start
from explainers.mixture.fitting.prior import Prior
from tests.explainers.mixture.regimes import small


def test_the_same_seed_gives_the_same_preview() -> None:
    one, other = (preview(small(), Prior(3), np.random.default_rng(5)) for _ in range(2))

    np.testing.assert_array_equal(one.b, other.b)
    np.testing.assert_array_equal(one.responsibilities, other.responsibilities)


def test_components_come_largest_first_with_signs_that_are_certain() -> None:
    found = preview(small(200), Prior(3), np.random.default_rng(0))

    assert np.all(np.diff(found.pi) <= 0.0)
    np.testing.assert_allclose(np.sort(found.b[:2, 0]), [-3.0, 3.0], atol=0.05)
    assert found.certain[:2, 0].all()
    assert np.all(found.deviation > 0.0)
    assert found.r_hat == {}


def test_all_components_in_use_is_said() -> None:
    found = preview(small(200), Prior(2), np.random.default_rng(0))

    (sentence,) = found.warnings
    assert sentence.startswith("all 2 components are occupied: raise the number of components")


def test_a_start_is_a_whole_state() -> None:
    regression = small(200)

    for clustered in (True, False):
        state = quick_start(regression, Prior(5), np.random.default_rng(1), clustered=clustered)

        assert state.b.shape == (5, 4)
        assert state.z.shape == (200,)
        np.testing.assert_allclose(np.exp(state.log_pi).sum(), 1.0)
        assert np.all((state.tau > 0.0) & (state.tau < 1.0))
        counts = np.bincount(state.z, minlength=5)
        np.testing.assert_allclose(
            np.sort(np.abs(state.b[np.argsort(-counts)[:2], 0])), 3, atol=0.1
        )
