"""What the sections say in words."""

from reasoned.assessment.figures import Sentence, ShareFigures
from reasoned.assessment.judges_words import better_peers, no_better_than_chance
from reasoned.assessment.page_cost import cost_section
from reasoned.assessment.page_judges import judges_section
from reasoned.assessment.page_measured import measured_section
from reasoned.assessment.page_opening import opening
from reasoned.assessment.page_samples import NO_SAMPLES, Samples
from reasoned.assessment.page_shift import shift_section, strangers_section
from reasoned.assessment.page_stability import stability_section
from reasoned.assessment.page_status import MOST_DRAWN, status_section
from tests.reasoned.assessment.report_by_hand import (
    GREY,
    judged,
    least_report,
    noise,
    part,
    reliability,
    score,
    seeds,
    shifts,
    whole_report,
)


def test_the_summary_says_what_holds_what_does_not_and_what_is_unknown() -> None:
    text = "\n".join(opening(least_report(), []))

    assert "<span class='mark yes'>✓ holds</span><span>Bounds hold: <code>0 of 2</code>." in text
    assert "<span class='mark no'>✗ does not hold</span><span>The estimate is off." in text
    assert "<span class='mark unknown'>? not measured</span><span>Nothing was shifted." in text
    assert "Left out: judges: reasoned[bench] is not installed" in text
    assert "100 images that played no part" in text


def test_without_requirements_the_summary_says_so() -> None:
    nothing = least_report().model_copy(update={"summary": tuple[Sentence, ...]()})

    assert "No requirement was checked." in "\n".join(opening(nothing, []))


def test_where_a_status_promises_too_much_is_listed() -> None:
    section = shift_section(shifts(), NO_SAMPLES)

    assert section is not None
    text = section.markup()
    assert "At 1 of 3 points the status promises too much" in text
    assert (
        "<td>by 2</td><td class='number'>25.0\u00a0%</td><td class='number'>80.0\u00a0%</td>"
        in text
    )


def test_where_no_status_promises_too_much_it_is_said() -> None:
    section = shift_section(shifts()[:2], NO_SAMPLES)

    assert section is not None
    assert "for at least 97\u00a0%." in section.markup()


def test_samples_stand_below_their_own_kind() -> None:
    shown = Samples({("odd noise", 1): GREY, ("other", 1): GREY}, {"static": (GREY,) * 3})
    report = whole_report()
    shift, strangers = (
        shift_section(report.shift, shown),
        strangers_section(report.strangers, shown),
    )

    assert shift is not None
    assert strangers is not None
    assert shift.markup().count("<img alt='odd noise, severity 1'") == 1
    assert shift.markup().count("<img") == 1
    assert strangers.markup().count("<img alt='static, example") == 3


def test_the_worst_classes_are_drawn_where_there_are_many() -> None:
    many = tuple(part(f"class {i}", 1, 0.5 + i / 1000) for i in range(MOST_DRAWN + 5))
    text = status_section(reliability().model_copy(update={"classes": many})).markup()

    assert f"The {MOST_DRAWN} worst classes" in text
    assert f"class {MOST_DRAWN + 4}" in text  # in the table
    assert text.index("class 0") < text.index("class 1")


def test_a_network_that_is_never_wrong_is_told() -> None:
    never = ShareFigures(name="wrong", of=0, share=0.0, fidelity=None, accuracy=None)
    text = status_section(reliability().model_copy(update={"wrong": never})).markup()

    assert "wrong for none of these images" in text


def test_errors_of_the_network_are_told() -> None:
    text = status_section(reliability()).markup()

    assert "wrong for 10.0\u00a0% of 100 images" in text
    assert "it does for 70.0\u00a0%" in text


def test_a_better_peer_is_said_in_words() -> None:
    (found,) = better_peers(judged())

    assert found == (
        "A peer is better by pixel flipping: saliency scores better than mixture, the best of "
        "ours, by 0.1 (95 % interval 0.09 to 0.11)."
    )


def test_ours_that_are_no_better_than_random_are_named() -> None:
    # By pixel flipping, where lower is better, 0.4 and random's 0.41 overlap.
    assert no_better_than_chance(judged()) == [
        "By pixel flipping, not clearly better than a random picture: mixture."
    ]


def test_without_a_control_nothing_is_said_of_chance() -> None:
    alone = judged().model_copy(update={"scores": (score("mixture", "ours", "road", 0.1),)})

    assert no_better_than_chance(alone) == []


def test_a_failed_sanity_check_is_shown() -> None:
    section = judges_section(judged().model_dump(mode="json"))

    assert section is not None
    text = section.markup()
    assert "0 of 1 sanity checks passed, 1 failed." in text
    assert "<td>FAILED</td><td>it reads pixels</td>" in text
    assert "Not judged, attributes: it draws no picture" in text


def test_where_no_peer_is_better_it_is_said() -> None:
    even = judged()
    even = even.model_copy(update={"rivalries": even.rivalries[1:]})
    section = judges_section(even.model_dump(mode="json"))

    assert section is not None
    assert "By no test is the best peer clearly better" in section.markup()


def test_steadiness_is_read_from_either_record() -> None:
    plain = stability_section(noise().model_dump(mode="json"))
    both = stability_section({"noise": noise().model_dump(), "seeds": seeds().model_dump()})
    apart = stability_section({"seeds": seeds().model_dump(mode="json")})

    assert plain is not None
    assert "Under small noise" in plain.markup()
    assert "random seeds" not in plain.markup()
    assert both is not None
    assert "Under small noise" in both.markup()
    assert "Under 5 random seeds" in both.markup()
    assert apart is not None
    assert "correlation of maps 0.50" in apart.markup()
    assert "Left out: mixture: too slow" in apart.markup()
    assert stability_section({}) is None


def test_the_cheapest_explanation_comes_first() -> None:
    section = cost_section(whole_report().cost)

    assert section is not None
    table = section.parts[1]
    assert table.index("meta_forest") < table.index("saliency")
    assert "<td class='number'>4,000</td>" in table


def test_what_is_needed_to_repeat_the_run_is_there() -> None:
    report = least_report()
    text = measured_section(report).markup()

    for needed in (report.command, report.sha256, "train", "800", "numpy", "2.4", "12 seconds"):
        assert needed in text
