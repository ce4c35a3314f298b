"""Whether two models show the same training images."""

import numpy as np

from reasoned.comparing.figures import ExampleFigures
from reasoned.comparing.intervals import share_interval
from reasoned.comparing.pair import Pair
from reasoned.comparing.sides import Side


def compare_examples(pair: Pair, before: Side, after: Side) -> ExampleFigures:
    """Compare the stored examples, and the nearest one of each image, by their rows.

    Parameters
    ----------
    pair
        The models. Rows mean the same only where both were fitted on the same data.
    before, after
        What they answer to the same images.

    """
    one, other = (
        model.explaining.parts.representatives.rows for model in (pair.before, pair.after)
    )
    if not pair.same_data:
        return ExampleFigures(
            before=len(one), after=len(other), shared=None, same_nearest=None, low=None, high=None
        )
    same = share_interval(before.nearest.rows == after.nearest.rows)
    return ExampleFigures(
        before=len(one),
        after=len(other),
        shared=len(np.intersect1d(one, other)),
        same_nearest=same.value,
        low=same.low,
        high=same.high,
    )
