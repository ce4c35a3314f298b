"""Everything that is measured of the reliability statement, on images that nothing saw."""

import numpy as np

from reasoned.answers import Answers
from reasoned.assessment.bounds import broken_share, groups_with_bounds
from reasoned.assessment.calibration import (
    calibration_error,
    error_by_chance,
    reliability_diagram,
)
from reasoned.assessment.figures import ReliabilityFigures
from reasoned.assessment.shares import by_class, by_method, by_status, on_errors


def reliability_of(answers: Answers, classes: tuple[str, ...]) -> ReliabilityFigures:
    """Hold the replies' statements against what came.

    Parameters
    ----------
    answers
        To labelled images that no fit, choice or calibration saw, at least one.
    classes
        The class names, in the order of the logits.

    """
    diagram = reliability_diagram(answers.estimate, answers.faithful)
    groups = groups_with_bounds(answers)
    return ReliabilityFigures(
        images=len(answers),
        accuracy=float(answers.right.mean()),
        fidelity=float(answers.faithful.mean()),
        estimated=int(np.isfinite(answers.estimate).sum()),
        calibration_error=calibration_error(diagram),
        calibration_error_by_chance=error_by_chance(diagram),
        bounds_broken_share=broken_share(groups),
        diagram=diagram,
        groups=groups,
        statuses=by_status(answers),
        classes=by_class(answers, classes),
        wrong=on_errors(answers),
        methods=by_method(answers),
    )
