"""The parts of an assessment that need libraries of others: outside judges and timed peers."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from explainers.arrays import ByteArray
from explainers.errors import NotApplicableError
from reasoned.assessment.cost import Priced
from reasoned.assessment.request import AssessmentRequest
from reasoned.errors import NetworkError, OptionsError
from reasoned.explaining import Parts
from reasoned.fitting.input_range import input_range
from reasoned.judges import JudgeRequest, JudgeSettings, judge
from reasoned.judges.network import JudgedNetwork, open_network
from reasoned.judges.peers import gradient_peers
from reasoned.judges.pictures import PictureMethod
from reasoned.judges.sampling_peers import sampling_peers

Progress = Callable[..., Iterable[int]]
Reasons = tuple[str, ...]
# Quantus is not installed, or the network cannot be rebuilt in torch.
_MISSING = (OptionsError, NetworkError, NotApplicableError)


def judged(request: AssessmentRequest, progress: Progress) -> tuple[dict[str, Any] | None, Reasons]:
    """Let outside judges score the model's pictures.

    Returns
    -------
    found
        As `reasoned.judges` writes it; None where it was not asked for, or cannot be.
    reasons
        Why it cannot be.

    """
    if not request.settings.judges:
        return None, ("Outside judges were not asked.",)
    asked = JudgeRequest(
        model=request.model,
        data=request.data,
        data_dir=request.data_dir,
        groups=request.groups,
        settings=_settings(request),
        kept=request.kept,
    )
    try:
        found = judge(asked, progress)
    except _MISSING as error:
        return None, (f"Outside judges could not be asked: {error}.",)
    return found.model_dump(mode="json"), ()


def timed_peers(
    request: AssessmentRequest, parts: Parts, image: ByteArray
) -> tuple[tuple[Priced, ...], Reasons]:
    """Give what others would be asked in the place of our methods, on the same network.

    Parameters
    ----------
    request
        Says whether sampling methods are among them.
    parts
        Of the model.
    image
        Shape (rows, columns, channels). On which the network in torch is held against ours.

    Returns
    -------
    peers
        None where the network cannot be rebuilt in torch.
    reasons
        Why it cannot be.

    """
    pixels = parts.preprocessing.apply(image)[np.newaxis]
    try:
        network, _ = open_network(request.model / "network.onnx", pixels)
    except _MISSING as error:
        return (), (f"Peers could not be timed: {error}.",)
    black = input_range(parts.preprocessing)[0]
    methods = [*gradient_peers(network, black), *sampling_peers(black, _settings(request))]
    return tuple(Priced(one.name, "peer", _asked(one, network, parts)) for one in methods), ()


def _settings(request: AssessmentRequest) -> JudgeSettings:
    asked = request.settings
    return JudgeSettings(
        images=asked.judge_images, sampling_peers=asked.sampling_peers, seed=asked.seed
    )


def _asked(
    method: PictureMethod, network: JudgedNetwork, parts: Parts
) -> Callable[[ByteArray], object]:
    """Explain the class that the served network gives, as a service would."""

    def ask(image: ByteArray) -> object:
        pixels = parts.preprocessing.apply(image)
        predicted = np.array([parts.network.run(pixels).predicted], np.int64)
        return method.attribute(network, pixels[np.newaxis], predicted)

    return ask
