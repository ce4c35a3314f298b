"""Where print and release differ."""

import dataclasses

from explainers.attributes.fitting.variants import PRINTED, RELEASED, VARIANTS


def test_print_and_release_differ_in_the_target_and_in_sums() -> None:
    assert dataclasses.asdict(RELEASED) == {
        "f_is_target": True,
        "means": True,
        "absolute_error": False,
    }
    assert dataclasses.asdict(PRINTED) == {
        "f_is_target": False,
        "means": False,
        "absolute_error": False,
    }
    assert VARIANTS == {"released": RELEASED, "printed": PRINTED}
