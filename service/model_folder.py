"""Where the model is."""

from pathlib import Path
from typing import Final

from reasoned.errors import SettingsError
from service.settings import Settings

_BESIDE: Final = Path(__file__).resolve().parents[1] / "model"


def model_folder(settings: Settings) -> Path:
    """Find the model folder that the settings name, or that lies beside the package.

    Raises
    ------
    SettingsError
        When there is no model folder at that place.

    """
    folder = settings.model or _BESIDE
    if not (folder / "manifest.json").is_file():
        raise SettingsError(
            f"{folder} is no model folder: it has no manifest.json. Set REASONED_MODEL to "
            "a folder that `reasoned fit` wrote, or use `reasoned serve FOLDER`"
        )
    return folder
