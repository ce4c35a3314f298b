"""The bodies of evidence: one frozen model per form, not per method."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class Frozen(BaseModel):
    """A record that neither changes nor takes unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassName(Frozen):
    """A class, by its label and by its position among the logits."""

    label: str
    index: Annotated[int, Field(ge=0)]


class Step(Frozen):
    """One test on the path, as walked; evaluated on `value` it gives `outcome`.

    `clusters` are the two groups of training images that the test compares, the nearest
    ones of either class.
    """

    feature: str
    value: float
    test: Literal["<=", ">"]
    threshold: float
    outcome: Literal[True]
    clusters: list[str]
    text: str


class PathBody(Frozen):
    """Form `path`: the tests from the root to the leaf, all of them true for the row.

    `vote` is the meta-level forest's vote for the class that the leaf names.
    `clusters` says what the clusters mentioned in the steps mean.
    """

    steps: list[Step]
    vote: Share
    clusters: dict[str, "ClusterMeaning"]


class ClusterMeaning(Frozen):
    """A group of training images whose activations are alike."""

    size: int
    classes: dict[str, int]
    medoids: list[str]
    units: list[int]


class Facet(Frozen):
    """One boundary of a region: the class it guards against and the margin to it."""

    against: ClassName
    margin: float
    relative: float | None


class RegionBody(Frozen):
    """Form `region`: the facets of a polytope that holds the row."""

    facets: list[Facet]
    closest: Facet | None
    similar: list[str]


class Part(Frozen):
    """One additive contribution to a score."""

    name: str
    value: float
    weight: float
    contribution: float


class PartsBody(Frozen):
    """Form `parts`: `bias` + the contributions of `parts` + `rest` = `total`."""

    score: str
    parts: list[Part]
    bias: float
    rest: float
    total: float


class RegressionBody(Frozen):
    """Form `regression`: a mixture component's signed contributions to `predicted`."""

    component: str
    responsibility: Share
    parts: list[Part]
    intercept: float
    rest: float
    predicted: float
    residual: float
