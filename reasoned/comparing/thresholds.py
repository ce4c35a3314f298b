"""How far a second model's explanations may move before its release is held."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from reasoned.errors import OptionsError
from reasoned.folder.manifest import Frozen

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Thresholds(Frozen):
    """What is still accepted, in shares of images unless said otherwise.

    A figure crosses its threshold where it lies beyond it and its 95 % interval excludes
    that nothing changed; each description is the help of the option of the same name.
    """

    max_accuracy_drop: Share = Field(0.005, description="How far B's accuracy may fall.")
    max_fidelity_drop: Share = Field(
        0.005, description="How far the fidelity of the first choice may fall."
    )
    max_method_fidelity_drop: Share = Field(
        0.01, description="How far one method's fidelity may fall, where both name a class."
    )
    max_coverage_drop: Share = Field(
        0.05, description="How far the share of images in one of a method's regions may fall."
    )
    max_supported_drop: Share = Field(
        0.02, description="How far the share of `supported` replies may fall."
    )
    max_calibration_rise: Share = Field(
        0.005, description="How far the calibration error of the estimate may rise."
    )
    max_class_change: Share = Field(
        0.05, description="Images to which the networks may give different classes."
    )
    max_evidence_change: Share = Field(
        0.05,
        description="Of the images to which both networks give one class, those whose first "
        "choice may name another class than before.",
    )
    max_status_change: Share = Field(
        0.1, description="Of the same images, those whose status may be another."
    )
    max_carrier_change: Share = Field(
        0.5,
        description="Of the same images, those that another method may carry; close bounds change "
        "places easily, and a new method may carry many.",
    )
    min_region_agreement: Share = Field(
        0.8, description="The least adjusted Rand index of a method's regions."
    )
    min_cluster_agreement: Share = Field(
        0.5,
        description="The least adjusted Rand index of the clusters of the nearest examples; every "
        "fit draws them anew.",
    )
    min_example_agreement: Share = Field(
        0.0, description="The least share of images with the same nearest example."
    )
    max_lost_methods: Annotated[int, Field(ge=0)] = Field(
        0, description="How many of A's methods B may lack (a number)."
    )


def read_thresholds(path: Path | None, **given: float | None) -> Thresholds:
    """Read thresholds from a JSON file, and put those that are given one by one above them.

    Parameters
    ----------
    path
        A JSON object of some of the fields of `Thresholds`; None for the defaults.
    given
        Fields that count more than the file; None leaves one as it is.

    Raises
    ------
    OptionsError
        When the file cannot be read, or a threshold is unknown or out of range.

    """
    above = {name: value for name, value in given.items() if value is not None}
    try:
        # Strictly: `true` is no share, and would let everything pass.
        read = (
            Thresholds()
            if path is None
            else Thresholds.model_validate_json(path.read_bytes(), strict=True)
        )
        stated = {name: getattr(read, name) for name in read.model_fields_set}
        return Thresholds.model_validate({**stated, **above})
    except OSError as error:
        raise OptionsError(f"the thresholds in {path} cannot be read: {error}") from error
    except ValidationError as error:
        wrong = error.errors()[0]
        name = ".".join(str(part) for part in wrong["loc"])[:100] or "the whole"
        raise OptionsError(
            f"thresholds{'' if path is None else f' of {path}'} must be a JSON object of "
            f"{', '.join(Thresholds.model_fields)}; {name} is wrong: {wrong['msg']}"
        ) from error
