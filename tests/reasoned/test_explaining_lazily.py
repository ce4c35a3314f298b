"""Three methods with regions: who is asked for a trace, and what is said whoever was."""

import dataclasses
import time
from typing import final

import pytest

from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.decision_list import DecisionList, Entry
from explainers.reliability import ReliabilityTable, Statement
from explainers.status import STATUSES, StatusRule, subsets
from reasoned.explaining import Explaining
from reasoned.model import ExplainedModel
from reasoned.reply.options import Explain, ReplyOptions
from reasoned.reply.schema import Explanation, Reply
from tests.reasoned.astray import SHA, Astray, reasons
from tests.reasoned.halfspace import halfspace_of
from tests.reasoned.rules import rule_of

METHODS = ("astray", "meta_forest", "halfspace")
# The half-space is firm in company, the path by itself; the third is only asked for company.
LEAST = {"halfspace": (1, 0.9), "meta_forest": (0, 0.9)}


def in_company() -> StatusRule:
    def chosen(some: tuple[str, ...]) -> DecisionList:
        entries = tuple(
            Entry(name, min(company, len(some) - 1), least)
            for name, (company, least) in LEAST.items()
            if name in some
        )
        return DecisionList(entries, some, 0.99, reached=True)

    return StatusRule(METHODS, {"+".join(some): chosen(some) for some in subsets(METHODS)})


def counted_apart(rule: StatusRule) -> ReliabilityTable:
    """Give every set of methods and every group a count of its own."""
    statements: dict[str, dict[str, Statement]] = {}
    for number, verdict in enumerate(rule.verdicts()):
        if verdict.asked:
            stated = (number, 1000, number, 0.9, 0.0)
            statements.setdefault(verdict.asked, {})[verdict.group] = stated
    overall = {key: dict.fromkeys(STATUSES, 0.9) for key in rule.lists}
    return ReliabilityTable({}, statements, overall, "held_out")


def three(model: ExplainedModel, *, named: int = 3) -> Explaining:
    """Package an astray method and a half-space that names 3 beside those of the digits."""
    halfspace = halfspace_of(model, names=3, strength=0.9)
    return packaged(model, {"astray": Astray(named)}, {"halfspace": halfspace}, in_company())


def packaged(
    model: ExplainedModel,
    before: dict[str, Explainer],
    behind: dict[str, Explainer],
    rule: StatusRule,
) -> Explaining:
    parts = model.explaining.parts
    joined = dataclasses.replace(
        parts,
        explainers=before | parts.explainers | behind,
        rule=rule,
        reliability=counted_apart(rule),
    )
    return Explaining.of(joined, "digits", "1", SHA)


@final
@dataclasses.dataclass(frozen=True)
class Told:
    """What was said of one image, and what each method finds."""

    found: Explanation
    predicted: int
    names: dict[str, int | None]
    firm_path: bool

    @property
    def ran(self) -> set[str]:
        return {evidence.method for evidence in self.found.evidence}


def told(explaining: Explaining, images: list[ByteArray], explain: Explain = "trace") -> list[Told]:
    answers, parts = [], explaining.parts
    for image in images:
        data = explaining.reply(image, ReplyOptions(explain), "x", None)
        one = parts.network.run(parts.preprocessing.apply(image))
        every = {name: parts.explainers[name].explain(one) for name in METHODS}
        answers.append(
            Told(
                found=reasons(Reply.model_validate_json(data)),
                predicted=one.predicted,
                names={name: evidence.names for name, evidence in every.items()},
                firm_path=(every["meta_forest"].strength or 0.0) >= 0.9,
            )
        )
    return answers


@pytest.fixture(scope="module")
def images(
    digits_images: list[ByteArray], parting: list[ByteArray], noise: list[ByteArray]
) -> list[ByteArray]:
    return [*digits_images[:80], *parting[:10], *noise[:5]]


def test_a_trace_asks_until_the_first_choice_is_settled(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    seen = set()
    for one in told(three(digits_model), images):
        # In the order of the list: half-space, path, astray.
        if one.names["halfspace"] is None:
            settled = {"halfspace", "meta_forest"} if one.firm_path else set(METHODS)
        elif one.names["meta_forest"] == 3:
            settled = {"halfspace", "meta_forest"}
        else:
            settled = set(METHODS)  # it may still find the half-space company
        named = any(one.names[name] == one.predicted for name in settled)
        more = set() if named else {"astray"}
        if not any(one.names[name] == one.predicted for name in settled | more):
            more.add("additive")
        assert one.ran == settled | more
        seen.add((len(settled), bool(more)))
    assert {(2, False), (3, False), (3, True)} <= seen


@pytest.mark.parametrize("named", [3, 8])
def test_whoever_was_asked_the_statement_is_that_of_all(
    digits_model: ExplainedModel, images: list[ByteArray], named: int
) -> None:
    explaining = three(digits_model, named=named)
    lazily, groups = 0, set()
    for trace, full in zip(told(explaining, images), told(explaining, images, "full"), strict=True):
        lazily += len(trace.ran) < len(full.ran)
        assert full.ran == {*METHODS, "additive"}
        assert trace.found.reliability is not None
        assert trace.found.reliability == full.found.reliability
        assert trace.found.status == full.found.status
        firsts = [one.found.evidence[0] for one in (trace, full)]
        assert len({(first.method, first.region, str(first.names)) for first in firsts}) == 1
        groups.add(trace.found.reliability.group)
    assert lazily > 20
    assert len(groups) >= 4


def test_what_is_asked_alone_is_counted_alone(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    explaining, rule = three(digits_model), in_company()
    for methods in (("astray",), ("meta_forest", "halfspace"), ("additive", "meta_forest")):
        key = rule.key(methods)
        for image in images[:10]:
            data = explaining.reply(image, ReplyOptions(methods=methods), "x", None)
            stated = reasons(Reply.model_validate_json(data)).reliability
            assert stated is not None
            assert stated.agreed == counted_apart(rule).statements[key][stated.group][0]


def test_what_a_deadline_leaves_is_stated_for_those_that_ran(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    # Asked first, the astray method takes until after the deadline.
    rule, started = rule_of(company=1, astray=0.5, meta_forest=2.0), time.perf_counter()
    image, counts = images[0], counted_apart(rule).statements
    other = (digits_model.predict(image).index + 1) % 10  # neither the path's nor the network's
    explaining = packaged(digits_model, {"astray": Astray(other, started + 0.3)}, {}, rule)
    options = ReplyOptions(explain="full", deadline_ms=250)
    late = reasons(Reply.model_validate_json(explaining.reply(image, options, "x", started)))

    assert [skip.step for skip in late.skipped] == ["meta_forest", "additive"]
    assert late.reliability is not None
    # By itself it is firm, with a path that names another class it is not.
    assert late.status in ("supported", "out_of_support")
    assert late.reliability.agreed == counts["astray"][f"{late.status} astray"][0]
    options = ReplyOptions(explain="full")
    whole = reasons(Reply.model_validate_json(explaining.reply(image, options, "x", None)))
    assert whole.reliability is not None
    assert whole.status in ("weak", "out_of_support")
    group = f"{whole.status} astray 0"
    assert whole.reliability.agreed == counts["astray+meta_forest"][group][0]
