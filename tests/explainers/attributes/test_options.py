import pytest

from explainers.attributes.fitting.maximisation_settings import settings_for
from explainers.attributes.fitting.options import AttributeOptions
from explainers.errors import FittingError


def test_numbers_and_words_are_read() -> None:
    found = AttributeOptions.read({"attributes": "12", "tau": "3", "pictures": "false"})

    assert (found.attributes, found.tau, found.pictures) == (12, 3.0, False)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"colour": "1"}, "attributes has no option 'colour'; it has attributes, width"),
        ({"tau": "1"}, "attributes.tau cannot be '1': Input should be greater than 1"),
        ({"attributes": "0"}, "attributes.attributes cannot be '0'"),
        ({"rate": "nan"}, "attributes.rate cannot be 'nan'"),
        ({"maximisation": "free"}, "attributes.maximisation cannot be 'free'"),
        ({"rounds": "0"}, "attributes.rounds cannot be '0'"),
        ({"variant": "both"}, "attributes.variant cannot be 'both'"),
    ],
)
def test_wrong_ones_are_named(given: dict[str, str], message: str) -> None:
    with pytest.raises(FittingError, match=message):
        AttributeOptions.read(given)


def test_a_large_map_is_averaged_to_sides_of_seven() -> None:
    options = AttributeOptions()

    assert options.preset(50_000, ((64, 7, 7),)).architecture.pool == 1
    assert options.preset(50_000, ((32, 14, 14),)).architecture.pool == 2
    assert options.preset(50_000, ((32, 56, 56), (64, 28, 28))).architecture.pool == 4
    assert options.preset(50_000, ((8, 4, 40),)).architecture.pool == 4
    assert AttributeOptions(pool=3).preset(50_000, ((32, 14, 14),)).architecture.pool == 3


def test_epochs_follow_from_the_number_of_images() -> None:
    shapes = ((64, 7, 7),)

    assert AttributeOptions().preset(50_000, shapes).epochs == 16
    assert AttributeOptions().preset(10_000_000, shapes).epochs == 4
    assert AttributeOptions(epochs=3).preset(50_000, shapes).epochs == 3
    assert AttributeOptions().preset(100, shapes).batch == 100


def test_entropies_begin_when_g_already_follows_f() -> None:
    schedule = AttributeOptions(epochs=10).preset(50_000, ((64, 7, 7),)).schedule

    first, last = schedule.weights(1), schedule.weights(10)
    assert (first.output_fidelity, first.conciseness, first.l1) == (1.0, 0.0, 0.0)
    assert (last.conciseness, last.diversity, last.l1) == (0.3, 0.3, 0.05)


def test_the_search_is_bounded_and_short_if_not_told() -> None:
    usual, told = settings_for(1), settings_for(3, "released", 12)

    assert (usual.mode, usual.steps, usual.start) == ("bounded", 150, 0.3)
    assert (told.mode, told.steps, told.start) == ("released", 600, 0.4)
