"""What judges found, as it is written to a file."""

from typing import Literal

from reasoned.folder.manifest import Frozen
from reasoned.judges.pictures import Kind
from reasoned.judges.settings import Direction, JudgeSettings, Metric

Verdict = Literal["the peer is better", "ours is better", "no clear difference"]


class MethodFigures(Frozen):
    """One method whose pictures were judged.

    `stays` says what does not change with the network's parameters. `flat` is the share of
    pictures that are 0 everywhere, `seconds` the median time for one picture, one at a time.
    """

    name: str
    kind: Kind
    signed: bool
    stays: str
    flat: float
    seconds: float


class Score(Frozen):
    """One method by one metric: the mean over images, with a 95 % bootstrap interval."""

    method: str
    kind: Kind
    metric: Metric
    direction: Direction
    mean: float
    low: float
    high: float
    of: int


class Rivalry(Frozen):
    """Our best picture beside the peers' best, by one metric, on the same images.

    `gain` is how much better the peer is, above 0 whatever the metric's direction, with a
    paired 95 % bootstrap interval.
    """

    metric: Metric
    ours: str
    peer: str
    gain: float
    low: float
    high: float
    verdict: Verdict


class Curve(Frozen):
    """A mean curve: the class's probability over the share of pixels put in or taken out."""

    method: str
    metric: Metric
    shares: tuple[float, ...]
    chances: tuple[float, ...]


class SanityFigures(Frozen):
    """One check, on the trained network and on two that know nothing of the classes.

    It holds on a network whose figure reaches `limit`, and must hold on the trained network
    and fail on the others: `passed` says whether it does. `redrawn` is the same network with
    every layer's parameters in another order, `shuffled_labels` one trained on labels that
    were dealt out at random. `note` says what of a picture does not
    change with the network by construction.
    """

    check: str
    method: str
    trained: float
    redrawn: float
    shuffled_labels: float
    limit: float
    passed: bool
    note: str


class ShuffledFigures(Frozen):
    """The network that was trained on shuffled labels: what it kept of them, and of the truth."""

    images: int
    epochs: int
    accuracy_on_shuffled: float
    accuracy_on_unseen: float
    chance: float


class JudgeFigures(Frozen):
    """Everything that outside judges found of a model's pictures.

    `network_difference` is how far the logits of the network in torch, which is judged, are
    from the served ones, as a share of the largest. `left_out` says of what was not judged
    why it was not.
    """

    model: str
    sha256: str
    images: int
    settings: JudgeSettings
    quantus: str
    network_difference: float
    methods: tuple[MethodFigures, ...]
    scores: tuple[Score, ...]
    rivalries: tuple[Rivalry, ...]
    curves: tuple[Curve, ...]
    sanity: tuple[SanityFigures, ...]
    shuffled: ShuffledFigures
    left_out: dict[str, str]
    seconds: float

    def table(self) -> dict[str, dict[Metric, Score]]:
        """Give the scores by method and metric."""
        found: dict[str, dict[Metric, Score]] = {}
        for score in self.scores:
            found.setdefault(score.method, {})[score.metric] = score
        return found
