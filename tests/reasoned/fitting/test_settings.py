"""What a fit is asked to do."""

import pytest

from reasoned.datasets.digits import open_digits
from reasoned.errors import OptionsError
from reasoned.fitting.settings import FitSettings, NetworkSettings


@pytest.mark.parametrize("methods", [(), ("additive", "additive")])
def test_methods_must_be_given_each_once(methods: tuple[str, ...]) -> None:
    with pytest.raises(OptionsError, match="methods must be given, each once, not"):
        FitSettings(dataset=open_digits(), spec="digits", name="digits", methods=methods)


def test_options_are_for_packaged_methods() -> None:
    settings = FitSettings(open_digits(), "digits", "d", options={"additive": {"most": "3"}})
    assert settings.options == {"additive": {"most": "3"}}

    words = (
        "--set lime.NAME=VALUE is for a method that is packaged, which are meta_forest, additive"
    )
    with pytest.raises(OptionsError, match=words):
        FitSettings(open_digits(), "digits", "d", options={"lime": {"samples": "3"}})


@pytest.mark.parametrize("layers", [("a", "a"), ("a", "b", "c")])
def test_attribute_functions_read_one_layer_or_two_that_differ(layers: tuple[str, ...]) -> None:
    assert NetworkSettings(attribute_layers=("a", "b")).attribute_layers == ("a", "b")
    words = f"--attribute-layers must be one layer, or two that differ, not {', '.join(layers)}"
    with pytest.raises(OptionsError, match=words):
        NetworkSettings(attribute_layers=layers)
