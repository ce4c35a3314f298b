import pytest

from explainers.errors import FittingError
from explainers.mixture.fitting.options import CLIPPED, PRESETS, MixtureOptions


def test_nothing_set_is_the_default() -> None:
    found = MixtureOptions.read({})

    assert (found.components, found.sweeps, found.chains, found.rows) == (20, 1000, 2, 7000)
    assert found.most_features == 300
    assert found.contrast
    assert found.intercept


def test_the_papers_preset_has_the_authors_values() -> None:
    found = MixtureOptions.read({"preset": "paper"})
    prior = found.prior()

    assert (found.components, found.nets, found.sweeps, found.start) == (6, 3, 20_000, "prior")
    assert not found.contrast
    assert found.limit == CLIPPED
    assert (prior.e, prior.f, prior.a, prior.b) == (5.0, 1.0, 0.5, 0.5)
    assert (prior.big_l, prior.big_r, prior.v, prior.intercept) == (1.0, 4.0, 1.0, 0.0)


def test_what_is_set_goes_before_the_preset() -> None:
    found = MixtureOptions.read({"preset": "paper", "sweeps": "100", "components": "3"})

    assert (found.sweeps, found.components, found.start) == (100, 3, "prior")


def test_the_preview_does_not_sample() -> None:
    assert MixtureOptions.read({"preset": "preview"}).sweeps == 0


def test_without_an_intercept_the_prior_has_none() -> None:
    assert MixtureOptions.read({"intercept": "false"}).prior().intercept == 0.0
    assert MixtureOptions.read({}).prior().intercept > 0.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"width": "3"}, "mixture has no option 'width'; it has preset, features"),
        ({"sweeps": "few"}, "mixture.sweeps cannot be 'few'"),
        ({"sweeps": "4"}, "mixture.sweeps must be 0 or 16 and more"),
        ({"preset": "best"}, "mixture.preset cannot be 'best'"),
        ({"e": "0"}, "mixture.e cannot be '0'"),
        ({"limit": "nan"}, "mixture.limit cannot be 'nan'"),
    ],
)
def test_a_wrong_option_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(FittingError, match=said):
        MixtureOptions.read(given)


def test_every_preset_holds() -> None:
    for name in PRESETS:
        assert MixtureOptions.read({"preset": name}).preset == name
