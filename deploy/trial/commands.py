"""Running another program and telling what it said when it fails."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from deploy.trial.errors import TrialError

_TAIL: Final = 3000


def run(
    command: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    place: Path | None = None,
    errors: bool = False,
) -> str:
    """Run a command and give what it writes to standard output, or with `errors` to both.

    Raises
    ------
    TrialError
        When the program is missing, or ends with another code than 0; with its last words.

    """
    try:
        done = subprocess.run(
            command,
            env={**os.environ, **(environment or {})},
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise TrialError(f"{command[0]} is not installed; tried: {' '.join(command)}") from error
    if done.returncode:
        said = (done.stdout + done.stderr).strip()[-_TAIL:]
        raise TrialError(f"{' '.join(command)} ended with {done.returncode}: {said}")
    return done.stdout + (done.stderr if errors else "")
