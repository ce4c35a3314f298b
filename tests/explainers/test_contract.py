"""What every registered method must keep to; a new method is checked for nothing."""

import copy
import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from explainers.activations import Activations, ActivationTable
from explainers.arrays import AnyArray
from explainers.contract import Explainer
from explainers.evidence import Evidence
from explainers.fitting_registry import FITTERS
from explainers.registry import METHODS
from reasoned.reply.schema import (
    PartsBody,
    PathBody,
    RegionBody,
    RegressionBody,
)
from tests.explainers.graph_heads import TAPS, numbers_of, reads
from tests.explainers.planting import Planted

BODIES: dict[str, type[BaseModel]] = {
    "path": PathBody,
    "region": RegionBody,
    "parts": PartsBody,
    "regression": RegressionBody,
}


def _values(activations: Activations) -> dict[str, Any]:
    return {f.name: getattr(activations, f.name) for f in dataclasses.fields(activations)}


def test_the_registries_hold_the_same_methods_in_the_same_order() -> None:
    assert list(METHODS) == list(FITTERS)


def test_it_is_registered_under_its_own_name(name: str, method: Explainer) -> None:
    assert METHODS[name].name == name
    assert type(method) is METHODS[name]


def test_it_says_the_same_twice(method: Explainer, rows: list[Activations]) -> None:
    assert [method.explain(row) for row in rows] == [method.explain(row) for row in rows]


def test_it_leaves_its_input_alone(method: Explainer, rows: list[Activations]) -> None:
    row = copy.deepcopy(rows[0])

    method.explain(row)

    for key, value in _values(rows[0]).items():
        np.testing.assert_array_equal(getattr(row, key), value)


def test_its_answer_does_not_hang_on_what_it_was_asked_before(
    method: Explainer, rows: list[Activations]
) -> None:
    forwards = [method.explain(row) for row in rows]

    assert [method.explain(row) for row in reversed(rows)] == forwards[::-1]


def test_it_cannot_be_changed(method: Explainer) -> None:
    for field in dataclasses.fields(method):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(method, field.name, None)


def test_every_array_that_it_holds_is_read_only(method: Explainer) -> None:
    held = list(_held_arrays(method))

    assert held
    for where, array in held:
        assert not array.flags.writeable, where


def test_it_names_a_class_or_none(
    method: Explainer, rows: list[Activations], planted: Planted
) -> None:
    for row in rows:
        named = method.explain(row).names
        assert named is None or 0 <= named < len(planted.data.classes)


def test_it_answers_with_a_region_that_it_announced(
    method: Explainer, rows: list[Activations]
) -> None:
    announced = method.regions()

    assert len(set(announced)) == len(announced)
    found = [method.explain(row).region for row in rows]
    # A method may say that it has nothing to say, but not always.
    assert set(found) <= {*announced, None}
    assert bool(announced) == any(region is not None for region in found)


def test_its_strength_is_a_share_or_none(method: Explainer, rows: list[Activations]) -> None:
    for row in rows:
        strength = method.explain(row).strength
        assert strength is None or 0.0 <= strength <= 1.0


def test_its_body_is_what_the_reply_promises_for_its_form(
    method: Explainer, rows: list[Activations]
) -> None:
    for row in rows:
        found = method.explain(row)
        assert found.form == method.form
        BODIES[found.form].model_validate_json(found.body, strict=True)


def test_its_words_speak_of_the_named_class(
    method: Explainer, rows: list[Activations], planted: Planted
) -> None:
    for row in rows:
        found = method.explain(row)
        assert found.method == method.name
        assert found.names is None or planted.data.classes[found.names] in found.sentence


def test_with_regions_it_finds_its_class_without_the_networks(
    method: Explainer, rows: list[Activations]
) -> None:
    if not method.regions():
        pytest.skip("without regions nothing is counted on calibration images")
    for row in rows:
        other = (row.predicted + 1) % len(row.logits)
        blinded = dataclasses.replace(row, predicted=other, logits=-row.logits)
        found, expected = method.explain(blinded), method.explain(row)
        assert _without_residual(found) == _without_residual(expected)
        assert dataclasses.replace(found, body=expected.body) == expected


def test_with_regions_a_network_without_an_affine_layer_is_explained_alike(
    method: Explainer, rows: list[Activations]
) -> None:
    if not method.regions():
        pytest.skip("without regions nothing is counted on calibration images")
    for row in rows:
        assert method.explain(dataclasses.replace(row, affine_input=None)) == method.explain(row)


def test_the_graph_computes_what_it_would(method: Explainer, rows: list[Activations]) -> None:
    head = method.head()
    if head is None:
        pytest.skip("the method asks nothing of the graph")
    assert head.name == method.name
    assert reads(head) <= set(TAPS) - ({"logits"} if method.regions() else set())

    for row in rows:
        told = dataclasses.replace(row, heads={head.name: numbers_of(head, row)})
        found, expected = method.explain(told), method.explain(row)
        # The last digits may differ: the sums run in another order.
        assert found.strength == pytest.approx(expected.strength, abs=1e-5)
        same = dataclasses.replace(found, body=expected.body, strength=expected.strength)
        assert same == expected


def test_it_cites_training_images_only(method: Explainer, planted: Planted) -> None:
    cited = method.cites()

    assert len(set(cited)) == len(cited)
    assert set(cited) <= set(planted.data.train.rows.tolist())


def test_its_summary_is_json(method: Explainer) -> None:
    assert json.loads(json.dumps(method.summary(), allow_nan=False)) == method.summary()


def test_its_picture_is_svg_or_none(method: Explainer) -> None:
    picture = method.picture()

    assert picture is None or picture.lstrip().startswith(("<svg", "<?xml"))


def test_it_reads_memory_maps(
    method: Explainer, planted: Planted, rows: list[Activations], tmp_path: Path
) -> None:
    mapped = dict[str, AnyArray]()
    for tap in ("hidden", "affine_input", "boundary", "psi"):
        np.save(tmp_path / f"{tap}.npy", getattr(planted.test, tap))
        mapped[tap] = np.load(tmp_path / f"{tap}.npy", mmap_mode="r", allow_pickle=False)
    table: ActivationTable = dataclasses.replace(planted.test, **mapped)

    assert method.explain(table.one(3)) == method.explain(rows[3])


def _without_residual(evidence: Evidence) -> dict[str, Any]:
    """All but what says how far the network's value is from the method's own."""
    body: dict[str, Any] = json.loads(evidence.body)
    if evidence.form == "regression":
        del body["residual"]
    return body


def _held_arrays(instance: object) -> Iterator[tuple[str, AnyArray]]:
    if not dataclasses.is_dataclass(instance):
        return
    for field in dataclasses.fields(instance):
        value = getattr(instance, field.name)
        if isinstance(value, np.ndarray):
            yield f"{type(instance).__name__}.{field.name}", value
        yield from _held_arrays(value)
