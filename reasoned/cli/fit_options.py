"""The options that ``reasoned fit`` and ``reasoned train`` share, as settings of a fit."""

import shlex
import sys
from pathlib import Path
from typing import Any

from reasoned.datasets.sources import open_dataset
from reasoned.fitting.settings import FitSettings, InputSettings, NetworkSettings


def fit_settings(
    out: Path, options: dict[str, Any], network: NetworkSettings, methods: tuple[str, ...]
) -> FitSettings:
    """Open the data, and say what is fitted on it.

    Parameters
    ----------
    out
        The model folder; the model is called as it is where no name is given.
    options
        By the names that click gives them.
    network, methods
        Where the commands differ.

    """
    dataset = open_dataset(
        options["data"],
        data_dir=options["data_dir"],
        classes=options["classes"],
        groups=options["groups"],
    )
    apart = options["calibration"]
    calibration = None
    if apart is not None:
        spec = apart if ":" in apart else f"folder:{apart}"
        calibration = open_dataset(spec, classes=dataset.classes)
    channels = options["channels"]
    return FitSettings(
        dataset=dataset,
        spec=options["data"],
        name=options["name"] or out.resolve().name,
        calibration=calibration,
        calibration_source=apart or "",
        network=network,
        inputs=InputSettings(
            size=options["size"],
            channels=int(channels) if channels else None,
            resize=options["resize"],
            mean=options["mean"],
            std=options["std"],
        ),
        methods=methods,
        options=options["options"],
        examples=options["examples"],
        version=options["model_version"],
        seed=options["seed"],
        threads=options["threads"],
        command=shlex.join(["reasoned", *sys.argv[1:]]),
        scratch=options["scratch"],
        kept=out.parent / f"{out.name}.fitting",
    )


def names(listed: str) -> tuple[str, ...]:
    """Read names between commas."""
    return tuple(name.strip() for name in listed.split(",") if name.strip())
