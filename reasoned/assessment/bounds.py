"""Whether lower bounds hold, group by group."""

import numpy as np
from scipy.stats import binom

from explainers.arrays import AnyArray, BoolArray, DoubleArray, check_shape
from reasoned.answers import Answers
from reasoned.assessment.figures import GroupFigures

LEVEL = 0.001
STATEMENT = "statement"


def groups_with_bounds(answers: Answers) -> tuple[GroupFigures, ...]:
    """Test every bound that replies carry against what came.

    A group is all images that were promised the same by the same words: those of one group of
    the reply's statement, and, for each method, those in one region and status, since regions
    are counted per status. Groups without a bound, or with the bound 0, promise nothing and
    are left out. A bound is broken where Holm's procedure rejects it at 0.1 %, over all groups
    of the model together.

    Parameters
    ----------
    answers
        To images that no fit, choice or calibration saw.

    References
    ----------
    Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of
    Statistics 6, 1979.

    """
    found = _groups(STATEMENT, answers.group, answers.lower, answers.faithful, answers.estimate)
    unknown = np.full(len(answers), np.nan)
    for method, column in answers.methods.items():
        names = np.array(
            [f"{r}, {s}" for r, s in zip(column.regions, answers.status, strict=True)], object
        )
        agreed = column.names == answers.predicted
        found += _groups(method, names, column.lower, agreed, unknown)
    broken = holm(np.array([one.p_value for one in found]), LEVEL)
    return tuple(
        one.model_copy(update={"broken": bool(is_broken)})
        for one, is_broken in zip(found, broken, strict=True)
    )


def broken_share(groups: tuple[GroupFigures, ...]) -> float:
    """Give the share of groups whose bound is broken; 0 where there are none."""
    return sum(one.broken for one in groups) / len(groups) if groups else 0.0


def p_value(agreed: int, of: int, lower: float) -> float:
    """Give the probability of so few agreements or fewer if the true share were `lower`."""
    return float(binom.cdf(agreed, of, lower))


def holm(p_values: DoubleArray, level: float) -> BoolArray:
    """Tell which hypotheses Holm's procedure rejects.

    Parameters
    ----------
    p_values
        Shape (groups).
    level
        The probability of any wrong rejection at all is at most this.

    Returns
    -------
    BoolArray
        Shape (groups).

    """
    check_shape("p_values", p_values, "groups")
    order = np.argsort(p_values, kind="stable")
    limits = level / np.arange(len(p_values), 0, -1)
    above = p_values[order] > limits
    rejected = np.zeros(len(p_values), np.bool_)
    rejected[order[: int(above.argmax()) if above.any() else len(order)]] = True
    return rejected


def _groups(
    kind: str, names: AnyArray, lower: DoubleArray, agreed: BoolArray, estimate: DoubleArray
) -> list[GroupFigures]:
    """Count each group; images of one name that were promised different bounds are apart."""
    members: dict[tuple[str, float], list[int]] = {}
    for row in np.flatnonzero(lower > 0):  # which NaN is not
        members.setdefault((names[row], float(lower[row])), []).append(int(row))
    return [
        _group(kind, name, bound, agreed[rows], estimate[rows])
        for (name, bound), rows in sorted(members.items())
    ]


def _group(
    kind: str, name: str, lower: float, agreed: BoolArray, estimate: DoubleArray
) -> GroupFigures:
    count, of = int(agreed.sum()), len(agreed)
    mean = float(estimate.mean())
    return GroupFigures(
        kind=kind,
        name=name,
        estimate=None if np.isnan(mean) else mean,
        lower=lower,
        agreed=count,
        of=of,
        p_value=p_value(count, of, lower),
        broken=False,
    )
