"""Activations as bytes."""

import dataclasses
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from explainers.activations import Activations
from explainers.arrays import AnyArray, ByteArray
from explainers.errors import ArtefactError
from reasoned.deadline import Clock
from reasoned.model import ExplainedModel
from reasoned.replay.activations import pack_activations, reads_pixels, unpack_activations
from reasoned.reply.options import Explain, ReplyOptions
from tests.reasoned.regression import imitated

SMALL = Activations(
    logits=np.array([0.5, 2.0, -1.0], np.float32),
    hidden=np.array([1.0, 2.0], np.float32),
    predicted=1,
    pixels=np.ones((1, 2, 2), np.float32),
    heads={"meta_forest": [0.1, 0.2], "support": [3.0]},
)


def again(model: ExplainedModel, found: Activations, options: ReplyOptions) -> bytes:
    return model.explaining.tell(
        found, options, "local", Clock(0.0, None), time.perf_counter()
    ).body


@pytest.mark.parametrize("explain", ["none", "trace", "full"])
def test_the_same_reply_is_made_of_them(
    digits_model: ExplainedModel, digits_images: list[ByteArray], explain: Explain
) -> None:
    options = ReplyOptions(explain=explain)
    for image in digits_images[:20]:
        answered = digits_model.answer(image, options)
        assert answered.activations is not None
        data = pack_activations(answered.activations, pixels=False)

        found = unpack_activations(data)

        assert found.pixels.size == 0
        assert again(digits_model, found, options) == answered.body


def test_a_head_that_reads_the_explained_layer_is_written_once(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    activations = digits_model.answer(digits_images[0]).activations
    assert activations is not None
    assert activations.affine_input is activations.hidden

    data = pack_activations(activations, pixels=False)

    assert load(data)["affine_input"].size == 0
    found = unpack_activations(data)
    assert found.affine_input is found.hidden


def test_pixels_are_kept_where_a_method_reads_them(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    model, options = imitated(digits_model), ReplyOptions()
    answered = model.answer(digits_images[0], options)
    assert answered.activations is not None

    assert not reads_pixels(digits_model.explaining.parts)
    assert reads_pixels(model.explaining.parts)
    data = pack_activations(answered.activations, pixels=True)
    assert again(model, unpack_activations(data), options) == answered.body


def test_without_heads_everything_is_kept() -> None:
    bare = dataclasses.replace(SMALL, heads={})

    assert "pixels" in load(pack_activations(bare, pixels=False))
    assert "pixels" not in load(pack_activations(SMALL, pixels=False))


@given(
    st.lists(st.floats(-(2.0**90), 2.0**90, width=32), min_size=1, max_size=5),
    st.lists(st.floats(-(2.0**90), 2.0**90, width=32), min_size=1, max_size=5),
)
def test_every_number_comes_back(logits: list[float], head: list[float]) -> None:
    given_logits = np.array(logits, np.float32)
    told = dataclasses.replace(
        SMALL, logits=given_logits, predicted=int(given_logits.argmax()), heads={"one": head}
    )

    found = unpack_activations(pack_activations(told, pixels=True))

    np.testing.assert_array_equal(found.logits, given_logits)
    np.testing.assert_array_equal(found.pixels, told.pixels)
    assert (found.predicted, found.heads) == (told.predicted, {"one": head})


def changed(**arrays: AnyArray) -> bytes:
    data: bytes = save({**load(pack_activations(SMALL, pixels=True)), **arrays})
    return data


def without(name: str) -> bytes:
    found = load(pack_activations(SMALL, pixels=True))
    del found[name]
    data: bytes = save(found)
    return data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "activations are not readable safetensors"),
        (b"x" * 200, "activations are not readable safetensors"),
        (without("hidden"), "activations have no hidden"),
        (without("schema"), "activations have no schema"),
        (changed(schema=np.array(2)), "activations have schema 2, but this release reads 1"),
        (changed(other=np.zeros(1, np.float32)), "activations hold 'other'"),
        (changed(logits=np.zeros((1, 3), np.float32)), "logits must not have the shape"),
        (changed(logits=np.zeros(0, np.float32)), "there must be one logit or more"),
        (changed(hidden=np.zeros(2)), "hidden must hold finite float32 numbers"),
        (changed(hidden=np.array([np.nan], np.float32)), "hidden must hold finite float32"),
    ],
)
def test_anything_else_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ArtefactError, match=words):
        unpack_activations(data)
