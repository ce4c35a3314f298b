"""Which of several methods with regions is the first choice, and who is asked at all."""

import dataclasses
import time
from typing import final

import pytest

from explainers.arrays import ByteArray
from reasoned.errors import FolderError
from reasoned.model import ExplainedModel
from reasoned.rehearsal import check_parts
from reasoned.reply.options import ReplyOptions
from reasoned.reply.schema import Explanation, RegionEvidence, Reply
from tests.reasoned.astray import reasons
from tests.reasoned.halfspace import halfspace_of, joined_by
from tests.reasoned.rules import counted_for, rule_of


@final
@dataclasses.dataclass(frozen=True)
class Asked:
    """One image's explanation, and what there is to compare it with."""

    found: Explanation
    predicted: int
    inside: bool
    path: int

    @property
    def ran(self) -> list[str]:
        return [evidence.method for evidence in self.found.evidence]


def asked(model: ExplainedModel, images: list[ByteArray], options: ReplyOptions) -> list[Asked]:
    parts = model.explaining.parts
    answers = []
    for image in images:
        reply = Reply.model_validate_json(model.reply(image, options))
        activations = parts.network.run(parts.preprocessing.apply(image))
        path = parts.explainers["meta_forest"].explain(activations).names
        inside = parts.explainers["halfspace"].explain(activations).region is not None
        assert path is not None
        answers.append(Asked(reasons(reply), reply.prediction.index, inside, path))
    return answers


@pytest.fixture(scope="module")
def images(digits_images: list[ByteArray], parting: list[ByteArray]) -> list[ByteArray]:
    return [*digits_images[:120], *parting[:10]]


def test_a_firm_first_method_ends_the_asking(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=2.0))
    seen = set()
    for one in asked(model, images, ReplyOptions()):
        if not one.inside:
            continue
        # Not firm is the path never; the status is that of the half-space.
        assert one.ran[0] == "halfspace"
        assert one.found.status in ("supported", "out_of_support")
        rest = [] if one.predicted == 3 else ["meta_forest"]
        rest += ["additive"] if one.predicted not in (3, one.path) else []
        assert one.ran == ["halfspace", *rest]
        seen.add((one.predicted == 3, len(one.ran)))
    assert {(True, 1), (False, 2)} <= seen


def test_where_the_first_method_has_no_region_the_next_one_leads(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=0.0))
    outside = [one for one in asked(model, images, ReplyOptions()) if not one.inside]

    assert len(outside) > 20
    for one in outside:
        # The half-space was asked before the path, and so stays, behind it.
        expected = ["meta_forest", "halfspace"]
        expected += [] if one.path == one.predicted else ["additive"]
        assert one.ran == expected
        behind = one.found.evidence[1]
        assert (behind.region, behind.names, behind.agrees) == (None, None, None)
        assert one.found.agrees == (one.path == one.predicted)


def test_where_no_method_is_firm_the_first_with_a_region_leads(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.1)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=2.0))
    for one in asked(model, images, ReplyOptions()):
        both = ["halfspace", "meta_forest"]
        names_it = one.path == one.predicted or (one.inside and one.predicted == 3)
        tail = [] if names_it else ["additive"]
        assert one.ran == [*(both if one.inside else both[::-1]), *tail]
        assert one.found.status in ("weak", "out_of_support")


def test_the_first_choice_never_reads_the_networks_class(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    # Whatever class the half-space names, the same method leads and the status stays.
    rule = rule_of(halfspace=0.5, meta_forest=0.5)
    found = [
        [
            (one.ran[0], one.found.status)
            for one in asked(
                joined_by(digits_model, halfspace_of(digits_model, names, 0.7), rule),
                images[::4],
                ReplyOptions(),
            )
        ]
        for names in range(10)
    ]

    assert all(one == found[0] for one in found)
    assert {first for first, _ in found[0]} == {"halfspace", "meta_forest"}


def test_full_asks_all_and_begins_with_the_first_choice(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=0.0))
    for one in asked(model, images[:60], ReplyOptions(explain="full")):
        first, other = ("halfspace", "meta_forest")[:: 1 if one.inside else -1]
        assert one.ran == [first, other, "additive"]


def test_of_a_subset_the_same_rule_holds(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.1)
    model = joined_by(digits_model, second, rule_of(meta_forest=0.0, halfspace=0.9))
    options = ReplyOptions(methods=("additive", "halfspace"))
    for one in asked(model, images[:60], options):
        assert one.ran == ["halfspace", "additive"]
        assert one.found.status in ("weak", "out_of_support")


def test_only_full_tells_everything(digits_model: ExplainedModel, images: list[ByteArray]) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=2.0))
    for options, told in ((ReplyOptions(), False), (ReplyOptions(explain="full"), True)):
        for one in asked(model, images[:20], options):
            polytope = next(e for e in one.found.evidence if e.method == "halfspace")
            assert isinstance(polytope, RegionEvidence)
            assert (polytope.body.heat_map is not None) == told


def test_what_the_deadline_leaves_out_is_named_in_the_order_of_asking(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=0.5))
    data = model.reply(images[0], ReplyOptions(deadline_ms=5), started=time.perf_counter() - 1)
    skipped = [skip.step for skip in reasons(Reply.model_validate_json(data)).skipped]

    assert skipped == ["examples", "halfspace", "meta_forest", "additive"]


def test_the_words_speak_of_a_polytope_and_of_no_trace(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=2.0))
    sentences = {one.inside: one.found.sentence for one in asked(model, images, ReplyOptions())}
    parted = [one for one in asked(model, images, ReplyOptions()) if one.inside]
    apart = next(one for one in parted if one.predicted != 3)

    assert f"The halfspace polytope names 3, not {apart.predicted}" in apart.found.sentence
    assert "Of the 50 calibration images that were explained alike, the " in sentences[True]
    assert (
        "polytope named the network's class for 40: an estimated 80.0 %, and with 95 % confidence "
        "at least 70.0 %."
    ) in sentences[True]
    assert "trace" not in sentences[True]


def test_alone_outside_every_polytope_it_says_so(
    digits_model: ExplainedModel, images: list[ByteArray]
) -> None:
    second = halfspace_of(digits_model, names=3, strength=0.9)
    model = joined_by(digits_model, second, rule_of(halfspace=0.9, meta_forest=2.0))
    options = ReplyOptions(methods=("halfspace",))
    outside = [one for one in asked(model, images, options) if not one.inside]
    for one in outside:
        label = model.classes[one.predicted]
        assert one.found.sentence.startswith(
            f"The network says {label}. No polytope of halfspace holds the image, so none is the "
            f"reason; no method that ran speaks for {label}. "
        )
        assert one.found.sentence.endswith(
            "The image lies outside every stored polytope, so nothing was counted for it."
        )
        assert (one.found.carrier, one.found.agrees) == (None, False)
        assert one.found.evidence[0].reliability is None
        # As the sentence says.
        assert one.found.reliability is None


def test_a_rule_about_other_methods_is_refused_at_load(digits_model: ExplainedModel) -> None:
    for rule in (rule_of(), rule_of(meta_forest=0.5, other=0.5), rule_of(additive=0.5)):
        parts = dataclasses.replace(digits_model.explaining.parts, rule=rule)
        with pytest.raises(FolderError, match=r"status rule asks .*, but \['meta_forest'\] have"):
            check_parts(parts)


def test_parts_of_which_one_states_nothing_for_what_is_asked_are_refused(
    digits_model: ExplainedModel,
) -> None:
    parts = digits_model.explaining.parts
    other = dataclasses.replace(parts, reliability=counted_for(rule_of(additive=0.5), {}))
    told = r"reliability must be stated for \['meta_forest'\], but is stated for \['additive'\]"

    with pytest.raises(FolderError, match=told):
        check_parts(other)
