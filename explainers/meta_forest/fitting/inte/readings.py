"""The table of readings, by the name a user gives."""

from explainers.errors import FittingError
from explainers.meta_forest.fitting.inte.column_factors import ColumnFactors
from explainers.meta_forest.fitting.inte.map_factors import MapFactors
from explainers.meta_forest.fitting.inte.nested_rows import NestedRows
from explainers.meta_forest.fitting.inte.reading import Reading

READINGS: dict[str, type[Reading]] = {
    ColumnFactors.name: ColumnFactors,
    NestedRows.name: NestedRows,
    MapFactors.name: MapFactors,
}


def reading_named(name: str) -> type[Reading]:
    """Give a reading's class; raise `FittingError` on an unknown name."""
    if name not in READINGS:
        raise FittingError(f"the reading must be one of {', '.join(READINGS)}, not {name!r}")
    return READINGS[name]
