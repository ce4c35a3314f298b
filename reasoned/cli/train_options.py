"""From the options of ``reasoned train`` to what is trained and fitted."""

import dataclasses
import math
from pathlib import Path
from typing import Any

import click

from explainers.attributes.fitting.presets import Preset
from reasoned.cli import fit_options
from reasoned.errors import OptionsError
from reasoned.fitting.by_design import ByDesignSettings
from reasoned.fitting.by_design_predictors import OwnPredictor
from reasoned.fitting.preset_choices import TERMS, PresetChoices, scaling, settle_preset
from reasoned.fitting.settings import FitSettings, NetworkSettings
from reasoned.fitting.training_run import METHOD

# What `--set attributes.NAME` sets where the interpreter is trained already.
SHOWN = ("tau", "samples", "pictures", "maximisation", "rounds")


def weights(
    _ctx: click.Context, _param: click.Parameter, value: tuple[str, ...]
) -> dict[str, float]:
    """Read ``TERM=VALUE``, any number of them."""
    found: dict[str, float] = {}
    for part in value:
        term, _, given = part.partition("=")
        try:
            number = float(given)
        except ValueError:
            number = math.nan
        if term not in TERMS or not 0.0 <= number < math.inf:
            raise click.BadParameter(
                f"must be TERM=VALUE, as beta=0.5, with a term among {', '.join(TERMS)} and a "
                f"value of 0 or more, not {part!r}"
            )
        if term in found:
            raise click.BadParameter(f"sets {term} twice")
        found[term] = number
    return found


def names(_ctx: click.Context, _param: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Read names between commas."""
    return fit_options.names(value or "")


def settle(out: Path, options: dict[str, Any]) -> tuple[FitSettings, ByDesignSettings, str]:
    """Give the fit, the training, and what the model card says of the network.

    Raises
    ------
    ReasonedError
        When the options do not go together, or the data cannot be opened.

    """
    _check(options)
    network = NetworkSettings(attribute_layers=options["attribute_layers"])
    fit = fit_options.fit_settings(out, options, network, options["methods"])
    channels = fit.inputs.channels or fit.dataset.image(0).shape[2]
    kept = {name: options[name] for name in ("preset", "epochs", "batch", "rate", "attributes")}
    more = {name: options[name] for name in ("weights", "variant", "positive_head", "leaky")}
    name, preset = settle_preset(PresetChoices(**kept, **more), channels)
    own = _own(options)
    design = ByDesignSettings(
        preset=preset,
        seed=options["seed"],
        precision=options["precision"],
        threads=options["threads"],
        network=own,
    )
    source = f"trained by design: {name}" + (f", {own.source}" if own else "")
    return _scaled(fit, name, preset, channels), design, source


def _check(options: dict[str, Any]) -> None:
    if METHOD not in options["methods"]:
        raise OptionsError(
            f"what is trained by design is the interpreter of the method {METHOD}: --methods must "
            f"hold it, but is {','.join(options['methods']) or 'empty'}"
        )
    for name in options["options"].get(METHOD, {}):
        if name not in SHOWN:
            raise OptionsError(
                f"--set {METHOD}.{name} is for an interpreter that is trained afterwards; here "
                f"only {', '.join(SHOWN)} may be set, and the training has its own options: "
                "reasoned train --help"
            )
    given = {
        "--network": options["network"],
        "--attribute-layers": options["attribute_layers"],
        "--layer": options["layer"],
    }
    missing = [name for name, value in given.items() if not value]
    if missing and len(missing) < len(given):
        raise OptionsError(
            f"a predictor of your own needs {', '.join(given)} together; {', '.join(missing)} is "
            "missing"
        )


def _own(options: dict[str, Any]) -> OwnPredictor | None:
    if not options["network"]:
        return None
    return OwnPredictor(options["network"], options["attribute_layers"], options["layer"])


def _scaled(fit: FitSettings, name: str, preset: Preset, channels: int) -> FitSettings:
    """Scale images as the preset does, unless the user has said how."""
    inputs = fit.inputs
    if inputs.mean is not None and inputs.std is not None:
        return fit
    mean, std = scaling(name, preset, channels)
    inputs = dataclasses.replace(inputs, mean=inputs.mean or mean, std=inputs.std or std)
    return dataclasses.replace(fit, inputs=inputs)
