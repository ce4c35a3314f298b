"""What a fit is asked to do."""

import pytest

from reasoned.datasets.digits import open_digits
from reasoned.errors import OptionsError
from reasoned.fitting.settings import FitSettings


@pytest.mark.parametrize("methods", [(), ("additive", "additive")])
def test_methods_must_be_given_each_once(methods: tuple[str, ...]) -> None:
    with pytest.raises(OptionsError, match="methods must be given, each once, not"):
        FitSettings(dataset=open_digits(), spec="digits", name="digits", methods=methods)
