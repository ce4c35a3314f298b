"""What a comparison says."""

from reasoned.comparing.figures import Check, ComparisonFigures
from reasoned.comparing.sentences import sentences


def test_what_was_crossed_is_told_with_what_was_wanted(misled_figures: ComparisonFigures) -> None:
    said = sentences(misled_figures)

    assert said[0] == "The gate is not passed: 3 of 14 thresholds are crossed."
    evidence = next(one for one in said if "max_evidence_change" in one)
    assert evidence.startswith("Crossed, max_evidence_change: first choice names another class: ")
    assert evidence.endswith(" %, where ≤ 5.00 % is accepted.")
    assert "The networks give the same class to every image." in said
    assert any(one.startswith("Accuracy did not move beyond chance: ") for one in said)
    assert any(
        one.startswith(
            "Other figures that moved beyond chance, in points: fidelity, first choice: "
        )
        for one in said
    )
    assert said[-1] == "Methods without regions are not compared: additive."


def test_what_may_be_chance_is_said_to_be_so(misled_figures: ComparisonFigures) -> None:
    chance = Check(
        option="max_coverage_drop",
        of="mixture",
        wanted=0.05,
        found=0.1,
        low=-0.1,
        high=0.3,
        outcome="noise",
    )
    said = sentences(
        misled_figures.model_copy(
            update={"checks": (chance,), "lost": ("mixture",), "gained": ("attributes",)}
        )
    )

    assert said[0] == "The gate is passed: none of 1 thresholds is crossed."
    assert said[1].startswith("Beyond the threshold, but not told apart from chance on ")
    assert "max_coverage_drop (mixture). More images would tell." in said[1]
    assert "B lacks mixture, which A has; nothing of it is compared." in said
    assert "B brings attributes, which A lacks; nothing of it is compared." in said
