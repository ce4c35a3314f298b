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


class UnmetTest(Frozen):
    """A test of another leaf; evaluated on `value` it gives `outcome`.

    `by` is how far `value` is from `threshold`.
    """

    feature: str
    value: float
    test: Literal["<=", ">"]
    threshold: float
    outcome: Literal[False]
    by: Annotated[float, Field(ge=0.0)]
    text: str


class PathChange(Frozen):
    """The smallest change of the trace after which the path would name another class.

    It would end in `leaf`, of all leaves that name another class the one that is nearest,
    if the `unmet` tests turned out otherwise. `distance` is how far the features would have
    to move for that: Euclidean, up to the thresholds. The features are moved as if each
    could move alone; no image need exist there.
    """

    leaf: str
    names: ClassName
    distance: Annotated[float, Field(ge=0.0)]
    unmet: Annotated[list[UnmetTest], Field(min_length=1)]


class PathBody(Frozen):
    """Form `path`: the tests from the root to the leaf, all of them true for the row.

    `vote` is the meta-level forest's vote for the class that the leaf names.
    `clusters` says what the clusters mentioned in the steps mean. `change` is null where
    every leaf names the same class.
    """

    steps: list[Step]
    vote: Share
    clusters: dict[str, "ClusterMeaning"]
    change: PathChange | None


class ClusterMeaning(Frozen):
    """A group of training images whose activations are alike."""

    size: int
    classes: dict[str, int]
    medoids: list[str]
    units: list[int]


class Facet(Frozen):
    """One boundary of a polytope, a linear piece of the network's own decision surface.

    `margin` is by how much the local affine form of the difference of two logits lies on
    the inner side, in logits.
    """

    against: ClassName
    margin: float


class ClosestFacet(Frozen):
    """The facet nearest to being crossed.

    `distance` is how far it is: Euclidean, in boundary space, which is the pre-activations
    of the affine layer above the explained map. `relative` is that as a share of the
    distance to the nearest stored example of that class beyond it, which `example` names;
    both are null where no such example is stored.
    """

    against: ClassName
    margin: float
    distance: float
    relative: Share | None
    example: str | None


class SimilarImage(Frozen):
    """A training image inside the same polytope.

    `distance` is the semantic distance: the sum over the facets of how far the two images
    lie apart across each, in logits.
    """

    id: str
    distance: Annotated[float, Field(ge=0.0)]


class RegionBody(Frozen):
    """Form `region`: a convex polytope, cut out by the network's own linear boundaries.

    `inside` names the stored polytopes that hold the image, the first of which is told;
    it is empty outside all of them. `references` counts the training images in the whole
    told polytope (for a polytope searched for one image: of the stored training images that
    were searched), of which the network puts `others` into another class. `heat_map` has
    rows of shares of its largest value, and comes with `explain=full` only.
    """

    inside: list[str]
    facets: list[Facet]
    closest: ClosestFacet | None
    references: Annotated[int, Field(ge=0)] | None
    others: Annotated[int, Field(ge=0)] | None
    similar: list[SimilarImage]
    heat_map: list[list[Share]] | None


class Part(Frozen):
    """One additive contribution to a score.

    `relevance` is the contribution as a share of the largest one, of either sign: 1 or -1
    for the largest, 0 for none.
    """

    name: str
    value: float
    weight: float
    contribution: float
    relevance: Annotated[float, Field(ge=-1.0, le=1.0)]


class PartsBody(Frozen):
    """Form `parts`: `bias` + the contributions of `parts` + `rest` = `total`.

    Parts whose relevance is above `threshold` are the local interpretation; it is null
    where a method has no such threshold. `by_design` says whether what is summed was
    trained together with the network (true) or afterwards, for a fixed network (false); it
    is null where nothing was trained.
    """

    score: str
    parts: list[Part]
    bias: float
    rest: float
    total: float
    threshold: Share | None
    by_design: bool | None


class RegressionPart(Frozen):
    """One feature's contribution to a regression; `relevance` is as in `Part`.

    `interval` is that of the weight, 95 % of the posterior; where `certain` is false its sign
    is not known.
    """

    name: str
    value: float
    weight: float
    contribution: float
    relevance: Annotated[float, Field(ge=-1.0, le=1.0)]
    interval: tuple[float, float]
    certain: bool


class ComponentShare(Frozen):
    """How far one mixture component answers for the image, judged from the image alone."""

    component: str
    responsibility: Share


class RegressionMaps(Frozen):
    """Weights and contributions at their places in the image: rows of columns.

    Both are summed over colour channels. `certain` says where the weight's sign is known.
    """

    weights: list[list[float]]
    contributions: list[list[float]]
    certain: list[list[bool]]


class RegressionBody(Frozen):
    """Form `regression`: `intercept` + the contributions of `parts` + `rest` = `predicted`.

    `score` says what is predicted. Where one component's responsibility is 0.8 or more, it is
    `component`, and the weights are its own; else `component` is null, and the weights are
    those of all `components`, weighted by their responsibilities. `residual` is the network's
    own value minus `predicted`. `maps` comes with `explain=full` only, for methods whose
    features lie in the image.
    """

    score: str
    component: str | None
    responsibility: Share
    components: list[ComponentShare]
    parts: list[RegressionPart]
    intercept: float
    rest: float
    predicted: float
    residual: float
    maps: RegressionMaps | None
