"""Distances to training images as they may be told: two digits, and never that of a copy."""

from typing import Any


def shown_distance(distance: float, floor: float) -> float:
    """Round to two significant digits, after raising what is below the floor to it."""
    return float(f"{max(distance, floor):.2g}")


def rounded_region(body: dict[str, Any]) -> dict[str, Any]:
    """Round the distances that the body of a `region` tells.

    The nearest of the similar images is told to be as near as the second, so that a copy of it
    cannot be told from an image beside it. Where there is no second one, none is told.
    `relative`, from which the distance to one stored example follows, is rounded as well.

    Parameters
    ----------
    body
        As `RegionBody`, decoded.

    """
    similar, closest = body["similar"], body["closest"]
    away = sorted(one["distance"] for one in similar)
    # Of images that are stored twice several are at 0.
    floor = next((value for value in away[1:] if value > 0), None)
    told = [] if floor is None else [_raised(one, floor) for one in similar]
    if closest is not None and closest["relative"] is not None:
        closest = {**closest, "relative": shown_distance(closest["relative"], 0.0)}
    return {**body, "closest": closest, "similar": told}


def _raised(similar: dict[str, Any], floor: float) -> dict[str, Any]:
    return {**similar, "distance": shown_distance(similar["distance"], floor)}
