"""Which weight each term of the loss has in which epoch."""

import dataclasses
from typing import final


@final
@dataclasses.dataclass(frozen=True)
class StageWeights:
    """The weights of one epoch, by term.

    Attributes
    ----------
    output_fidelity
        beta, of L_of.
    input_fidelity
        gamma, of L_if.
    conciseness, diversity
        delta, of the two entropies of L_cd; the paper has one weight for both.
    l1
        delta times eta, of the size of Phi.

    """

    output_fidelity: float = 0.0
    input_fidelity: float = 0.0
    conciseness: float = 0.0
    diversity: float = 0.0
    l1: float = 0.0


@final
@dataclasses.dataclass(frozen=True)
class Stage:
    """A weight that holds from an epoch on, until a later stage of the same term.

    Attributes
    ----------
    term
        A field of `StageWeights`.
    epoch
        The first epoch, counted from 1.
    weight
        From then on.

    """

    term: str
    epoch: int
    weight: float


@final
@dataclasses.dataclass(frozen=True)
class Schedule:
    """When each term begins, and with which weight; before that it is 0.

    Attributes
    ----------
    stages
        In any order; of one term the latest that has begun counts.

    """

    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        known = {field.name for field in dataclasses.fields(StageWeights)}
        for stage in self.stages:
            if stage.term not in known:
                raise ValueError(
                    f"a stage must be of one of {', '.join(sorted(known))}, not {stage.term!r}"
                )
            if stage.epoch < 1 or not 0.0 <= stage.weight < float("inf"):
                raise ValueError(
                    f"the stage of {stage.term} must begin at epoch 1 or later with a weight of 0 "
                    f"or more, not at {stage.epoch} with {stage.weight}"
                )

    def weights(self, epoch: int) -> StageWeights:
        """Give the weights of an epoch, counted from 1."""
        begun = sorted((s for s in self.stages if s.epoch <= epoch), key=lambda s: s.epoch)
        return StageWeights(**{stage.term: stage.weight for stage in begun})

    def with_weights(self, **weights: float) -> "Schedule":
        """Give the same stages with other weights for some terms, at each term's last stage."""
        last = {stage.term: stage.epoch for stage in sorted(self.stages, key=lambda s: s.epoch)}
        kept = tuple(
            dataclasses.replace(stage, weight=weights[stage.term])
            if stage.term in weights and stage.epoch == last[stage.term]
            else stage
            for stage in self.stages
        )
        new = tuple(Stage(term, 1, weight) for term, weight in weights.items() if term not in last)
        return Schedule(kept + new)


def staged(
    *, beta: tuple[float, int], gamma: tuple[float, int], delta: tuple[float, int]
) -> tuple[Stage, ...]:
    """Give the stages of L_of, L_if and both entropies, each as (weight, first epoch)."""
    return (
        Stage("output_fidelity", beta[1], beta[0]),
        Stage("input_fidelity", gamma[1], gamma[0]),
        Stage("conciseness", delta[1], delta[0]),
        Stage("diversity", delta[1], delta[0]),
    )
