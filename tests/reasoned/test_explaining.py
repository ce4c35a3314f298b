"""From an image to a reply: every option and every carrier."""

import dataclasses
import itertools

import numpy as np
import pytest

from explainers.arrays import ByteArray
from reasoned.errors import OptionsError
from reasoned.model import ExplainedModel
from reasoned.reply.options import Explain, ReplyOptions
from reasoned.reply.schema import Reply
from tests.reasoned.astray import METHODS, reasons


def explained(model: ExplainedModel, image: ByteArray, options: ReplyOptions) -> Reply:
    return Reply.model_validate_json(model.reply(image, options))


@pytest.mark.parametrize("explain", ["none", "trace", "full"])
@pytest.mark.parametrize("methods", METHODS)
def test_every_reply_keeps_the_contract(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    noise: list[ByteArray],
    explain: Explain,
    methods: tuple[str, ...] | None,
) -> None:
    wanted = itertools.cycle((0, 1, 5, 20))
    for image, count in zip([*digits_images[::8], *noise], wanted, strict=False):
        reply = explained(digits_model, image, ReplyOptions(explain, methods, count))

        assert reply.prediction.label == digits_model.classes[reply.prediction.index]
        assert reply.prediction.top[0].index == reply.prediction.index
        if explain == "none":
            assert (reply.explanation, reply.examples, reply.contrast) == (None, [], None)
            continue
        assert len(reply.examples) == count
        assert (reply.contrast is None) == (count == 0)
        ran = [evidence.method for evidence in reasons(reply).evidence]
        if methods is not None:
            assert ran == [name for name in digits_model.methods if name in methods]
        elif explain == "full":
            assert ran == list(digits_model.methods)


def test_the_trace_stops_where_the_path_names_the_networks_class(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    for image in digits_images[:200]:
        found = reasons(explained(digits_model, image, ReplyOptions()))

        expected = ["meta_forest"] if found.agrees else ["meta_forest", "additive"]
        assert [evidence.method for evidence in found.evidence] == expected
        assert found.carrier == expected[-1]


def test_a_path_that_names_another_class_is_never_the_reason(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    for image in parting:
        reply = explained(digits_model, image, ReplyOptions())
        found, first = reasons(reply), reasons(reply).evidence[0]

        assert first.names is not None
        assert first.names.index != reply.prediction.index
        assert (found.agrees, first.agrees, found.carrier) == (False, False, "additive")
        assert found.names is not None
        assert found.names.index == reply.prediction.index
        assert found.sentence.startswith(
            f"The network says {reply.prediction.label}. The meta_forest trace names "
            f"{first.names.label}, not {reply.prediction.label}, so it is not the reason; the "
            f"additive evidence speaks for {reply.prediction.label}."
        )
        assert found.evidence[1].sentence in found.sentence
        assert first.sentence not in found.sentence


def test_without_the_carrier_the_reply_says_that_nothing_speaks_for_the_class(
    digits_model: ExplainedModel, parting: list[ByteArray]
) -> None:
    reply = explained(digits_model, parting[0], ReplyOptions(methods=("meta_forest",)))
    found = reasons(reply)

    assert (found.carrier, found.names, found.agrees) == (None, None, False)
    assert f"no method that ran speaks for {reply.prediction.label}." in found.sentence


def test_the_statement_never_reads_the_networks_class(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    parts, seen = digits_model.explaining.parts, set()
    for image in digits_images[::3]:
        given_class = parts.network.run(parts.preprocessing.apply(image))
        said = set()
        for predicted in range(10):
            # What the path's own `agrees` would be read from is all that changes.
            one = dataclasses.replace(given_class, predicted=predicted)
            evidence = {"meta_forest": parts.explainers["meta_forest"].explain(one)}
            nearest = parts.representatives.find(one, 1).distances[0]
            outside = parts.support.judge(one, nearest).outside
            verdict = parts.rule.decide("meta_forest", evidence, outside=outside)
            said.add((verdict, parts.reliability.statement(verdict)))
        assert len(said) == 1
        seen |= {verdict.status for verdict, _ in said}
    assert seen == {"supported", "weak", "out_of_support"}


def test_a_trace_and_all_that_is_known_make_the_same_statement(
    digits_model: ExplainedModel, digits_images: list[ByteArray], noise: list[ByteArray]
) -> None:
    for image in [*digits_images[:60], *noise]:
        trace, full = (
            reasons(explained(digits_model, image, ReplyOptions(explain=how)))
            for how in ("trace", "full")
        )

        assert trace.reliability is not None
        assert trace.reliability.group.startswith(f"{trace.status} meta_forest")
        assert (trace.status, trace.reliability) == (full.status, full.reliability)
        assert (trace.carrier, trace.agrees) == (full.carrier, full.agrees)


def test_where_only_a_sum_is_asked_nothing_is_stated(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = reasons(explained(digits_model, digits_images[0], ReplyOptions(methods=("additive",))))

    assert (found.reliability, found.carrier, found.disagreements) == (None, "additive", [])
    assert found.status in ("weak", "out_of_support")


def test_noise_is_out_of_support(digits_model: ExplainedModel, noise: list[ByteArray]) -> None:
    statuses = [reasons(explained(digits_model, one, ReplyOptions())).status for one in noise]

    assert statuses.count("out_of_support") >= 18


@pytest.mark.parametrize(
    ("methods", "came"),
    [
        ((), "none"),
        (("lime",), "lime"),
        (("additive", "additive"), "additive, additive"),
        (("meta_forest", "shap"), "meta_forest, shap"),
    ],
)
def test_methods_that_are_not_packaged_are_refused(
    digits_model: ExplainedModel,
    digits_images: list[ByteArray],
    methods: tuple[str, ...],
    came: str,
) -> None:
    words = f"methods must be one or more of meta_forest, additive, each once, not {came}$"
    with pytest.raises(OptionsError, match=words):
        digits_model.reply(digits_images[0], ReplyOptions(methods=methods))


def test_a_picture_of_another_size_is_taken(digits_model: ExplainedModel) -> None:
    image = np.zeros((31, 17, 3), dtype=np.uint8)

    assert explained(digits_model, image, ReplyOptions()).prediction.label in "0123456789"
