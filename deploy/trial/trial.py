"""One image tried out: built, started, asked, looked at, stopped."""

import dataclasses
import os
import statistics
from pathlib import Path
from typing import Final, final

from deploy.trial.asking import ask
from deploy.trial.engine import Engine
from deploy.trial.errors import TrialError
from deploy.trial.images import built_image
from deploy.trial.process import Confinement, confinement
from deploy.trial.running import running
from reasoned.model import ExplainedModel

MOST_MB: Final = 350.0
MOST_SECONDS: Final = 3.0
STARTS: Final = 3
# Load per core from which on a start waits for others more than for itself.
BUSY: Final = 0.6


@final
@dataclasses.dataclass(frozen=True)
class Trial:
    """What was found of one image.

    Attributes
    ----------
    route
        How it was built.
    container_mb
        What lies on top of the base, the model included, in millions of bytes.
    model_mb
        The model's share of it, which is the user's own.
    image_mb
        All of it.
    container_ready_seconds
        From the start of the container to the first answer of ``/readyz``; the median.
    ready_cpu_seconds
        The processor time of that; the median.
    busy
        Whether so much else ran on the machine that the time cannot be judged.
    confined
        How its first process was confined.
    stopped
        The exit code after SIGTERM.
    reply
        Whether class, explanation and examples came back; no trial ends here otherwise.

    """

    route: str
    container_mb: float
    model_mb: float
    image_mb: float
    container_ready_seconds: float
    ready_cpu_seconds: float
    busy: bool
    confined: Confinement
    stopped: int
    reply: bool = True


def tried(engine: Engine, route: str, base: str, model: Path, scratch: Path) -> Trial:
    """Build an image by a route, run it, and hold it against what it promises.

    Raises
    ------
    TrialError
        At the first promise that is not kept.

    """
    image = built_image(engine, route, base, model, scratch / route)
    total, below = engine.size(image), engine.size(base)
    picture, label = _question(model)
    busy = os.getloadavg()[0] > BUSY * (os.cpu_count() or 1)
    starts = [_start(engine, image, picture, label) for _ in range(STARTS)]
    return Trial(
        route=route,
        container_mb=round((total - below) / 1e6, 1),
        model_mb=round(sum(one.stat().st_size for one in model.rglob("*")) / 1e6, 1),
        image_mb=round(total / 1e6, 1),
        container_ready_seconds=round(statistics.median(one.seconds for one in starts), 2),
        ready_cpu_seconds=round(statistics.median(one.cpu for one in starts), 2),
        busy=busy,
        confined=starts[-1].confined,
        stopped=starts[-1].stopped,
    )


@final
@dataclasses.dataclass(frozen=True)
class _Start:
    """One start, from the first command to the exit code."""

    seconds: float
    cpu: float
    confined: Confinement
    stopped: int


def _start(engine: Engine, image: str, picture: bytes, label: str) -> _Start:
    with running(engine, image) as container:
        ask(container, picture, label)
        confined = confinement(container.pid)
        stopped = container.stop()
    check_confinement(confined, stopped)
    return _Start(container.seconds, container.cpu, confined, stopped)


def check_confinement(found: Confinement, stopped: int) -> None:
    """Refuse root, a writable root, any capability, and an unclean end.

    Raises
    ------
    TrialError
        With what was found.

    """
    if found.uid == 0:
        raise TrialError("the container must not run as root, but its uid is 0")
    if int(found.capabilities, 16) or not found.no_new_privileges:
        raise TrialError(f"the container must have no capabilities, but has {found.capabilities}")
    if not found.read_only_root:
        raise TrialError("the container's root must be read-only, but can be written")
    if stopped:
        raise TrialError(f"the container must end with 0 after SIGTERM, not {stopped}")


def check_bars(found: Trial) -> None:
    """Refuse an image that is too large or too slow to start.

    Raises
    ------
    TrialError
        With the figure and the bar.

    """
    installed = found.container_mb - found.model_mb
    if installed > MOST_MB:
        raise TrialError(
            f"{found.route}: {installed:.1f} MB lie on the base beside the model; "
            f"the bar is {MOST_MB:g} MB"
        )
    # Work beside it lengthens a start, its processor time too: caches and cores are shared.
    if not found.busy and found.container_ready_seconds > MOST_SECONDS:
        raise TrialError(
            f"{found.route}: ready after {found.container_ready_seconds} s; "
            f"the bar is {MOST_SECONDS:g} s"
        )


def _question(model: Path) -> tuple[bytes, str]:
    """Give an image of the folder, and the class that its model names for it here."""
    loaded = ExplainedModel.load(model)
    picture = next(iter(loaded.thumbnails.values()))
    return picture, loaded.explain(picture).prediction.label
