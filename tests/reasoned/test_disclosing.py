"""A model that answers under a disclosure: what it says, and what it never says."""

import dataclasses
import io
from collections.abc import Iterable

import numpy as np
import orjson
import pytest
from PIL import Image

from explainers.arrays import ByteArray
from explainers.neighbours.served import WholeSet
from reasoned.model import ExplainedModel
from reasoned.reply.disclosure import Disclosure, Mode
from reasoned.reply.options import Explain, ReplyOptions
from reasoned.reply.outcome import Outcome
from reasoned.reply.schema import Reply
from tests.reasoned.pointing import REGION, pointed

FULL = ReplyOptions(explain="full")
MANY = ReplyOptions(explain="full", neighbours=20)


@pytest.fixture(scope="module")
def model(digits_model: ExplainedModel) -> ExplainedModel:
    return pointed(digits_model)


@pytest.fixture(scope="module")
def known(model: ExplainedModel) -> dict[str, int]:
    """The ids that replies can mention, with the row of each."""
    return {one: int(one.removeprefix("image-")) for one in model.thumbnails}


def told(model: ExplainedModel, image: ByteArray, options: ReplyOptions = FULL) -> Reply:
    return Reply.model_validate_json(model.reply(image, options))


def mentioned(body: bytes, ids: Iterable[str]) -> list[str]:
    return [one for one in ids if one.encode() in body]


def judged(model: ExplainedModel, image: ByteArray) -> Outcome:
    """What became of an image, but for times and citations."""
    found = model.answer(image, FULL).outcome
    return dataclasses.replace(found, cited=(), infer_us=0, explain_us=0, neighbours_us=0)


def test_a_model_as_it_is_loaded_discloses_everything(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    again = model.disclosing(Disclosure("off")).disclosing(Disclosure())

    assert model.disclosure.word == again.disclosure.word == "full exact"
    assert again.explaining is again.answering is model.explaining
    assert again.thumbnails is model.thumbnails
    for image in digits_images[:20]:
        assert again.reply(image, FULL) == model.reply(image, FULL)


@pytest.mark.parametrize("mode", ["full", "thumbnail", "id", "prototype", "off"])
def test_what_is_large_is_shared(model: ExplainedModel, mode: Mode) -> None:
    found = model.disclosing(Disclosure(mode, rounded=True))

    assert found.answering.parts is model.explaining.parts
    assert found.answering.writer.examples is model.explaining.writer.examples
    assert found.thumbnails is model.thumbnails
    assert found.disclosure.mode == mode


def test_thumbnails_change_no_reply(model: ExplainedModel, digits_images: list[ByteArray]) -> None:
    found = model.disclosing(Disclosure("thumbnail"))

    for image in digits_images[:20]:
        assert found.reply(image, FULL) == model.reply(image, FULL)


def test_a_thumbnail_is_small_and_has_no_metadata(model: ExplainedModel) -> None:
    name = next(iter(model.thumbnails))
    large, told = io.BytesIO(), Image.fromarray(np.full((300, 150), 9, np.uint8))
    told.info["Comment"] = "secret"
    told.save(large, "PNG", dpi=(300, 300))
    other = dataclasses.replace(model, thumbnails={**model.thumbnails, name: large.getvalue()})

    full = other.example_png(name)
    small = other.disclosing(Disclosure("thumbnail")).example_png(name)

    assert full == large.getvalue()
    assert small is not None
    with Image.open(io.BytesIO(small)) as shown:
        assert (shown.size, shown.info) == ((48, 96), {})


def test_ids_alone_come_without_pictures(
    model: ExplainedModel, digits_images: list[ByteArray], known: dict[str, int]
) -> None:
    found = model.disclosing(Disclosure("id"))

    for image in digits_images[:20]:
        body = found.reply(image, FULL)
        reply, before = Reply.model_validate_json(body), told(model, image)
        assert [one.id for one in reply.examples] == [one.id for one in before.examples]
        assert [one.distance for one in reply.examples] == [o.distance for o in before.examples]
        assert {one.image for one in reply.examples} == {None}
        assert reply.contrast is not None
        assert reply.contrast.image is None
        assert b"/v1/" not in body
    assert all(found.example_png(one) is None for one in known)
    assert found.region_png("pointer", REGION) is None


@pytest.mark.parametrize("mode", ["prototype", "off"])
def test_no_single_image_is_named_where_none_is_disclosed(
    model: ExplainedModel, digits_images: list[ByteArray], known: dict[str, int], mode: Mode
) -> None:
    found = model.disclosing(Disclosure(mode, rounded=True))

    for image in digits_images[::40]:
        answered = found.answer(image, MANY)
        reply = Reply.model_validate_json(answered.body)
        assert not mentioned(answered.body, known)
        assert "example" not in {kind for kind, _ in answered.outcome.cited}
        assert reply.explanation is not None
        assert len(reply.explanation.evidence) == 3
        if mode == "off":
            assert (reply.examples, reply.contrast) == ([], None)
    assert all(found.example_png(one) is None for one in known)
    assert found.region_png("pointer", REGION) is None


def test_the_next_nearest_takes_the_place_of_a_withheld_one(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    parts = model.explaining.parts
    images = parts.representatives
    for image in digits_images[::60]:
        before = told(model, image, MANY)
        assert before.contrast is not None
        gone = frozenset({one.id for one in before.examples[:7:2]} | {before.contrast.id})
        after = told(model.disclosing(Disclosure(withheld=gone)), image)

        # By hand: everything ranked again, without them.
        seen = parts.network.run(parts.preprocessing.apply(image))
        away = np.linalg.norm(images.vectors.astype(np.float64) - seen.hidden, axis=1)
        order = [i for i in np.argsort(away).tolist() if images.ids[i] not in gone]
        others = [i for i in order if images.predicted[i] != seen.predicted]
        assert [one.id for one in after.examples] == [images.ids[i] for i in order[:5]]
        assert [one.distance for one in after.examples] == pytest.approx(
            away[order[:5]].tolist(), abs=1e-3
        )
        assert after.contrast is not None
        assert after.contrast.id == images.ids[others[0]]


def test_a_reply_without_withheld_images_stays_byte_for_byte(
    digits_model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    for image in digits_images[:30]:
        body = digits_model.reply(image, FULL)
        others = frozenset(digits_model.thumbnails) - set(mentioned(body, digits_model.thumbnails))

        assert digits_model.disclosing(Disclosure(withheld=others)).reply(image, FULL) == body


def test_what_is_disclosed_changes_no_judgement(
    model: ExplainedModel, digits_images: list[ByteArray], known: dict[str, int]
) -> None:
    modes: tuple[Mode, ...] = ("full", "thumbnail", "id", "prototype", "off")
    for mode in modes:
        disclosure = Disclosure(mode, rounded=True, withheld=frozenset(list(known)[::2]))
        found = model.disclosing(disclosure)
        for image in digits_images[::90]:
            assert judged(found, image) == judged(model, image)


def test_where_all_are_withheld_none_is_shown(
    model: ExplainedModel, digits_images: list[ByteArray], known: dict[str, int]
) -> None:
    found = model.disclosing(Disclosure(withheld=frozenset(known)))
    body = found.reply(digits_images[0], MANY)

    assert (told(found, digits_images[0]).examples, told(found, digits_images[0]).contrast) == (
        [],
        None,
    )
    assert not mentioned(body, known)
    assert found.region_png("pointer", REGION) is None
    assert b"/v1/regions" not in body


def test_a_gallery_is_drawn_without_the_withheld_tiles(model: ExplainedModel) -> None:
    tiles = model.explaining.parts.explainers["pointer"].gallery(REGION)
    seed = frozenset({tiles[0].example})
    all_shown = model.region_png("pointer", REGION)
    found = model.disclosing(Disclosure(withheld=seed)).region_png("pointer", REGION)

    assert found is not None
    assert all_shown is not None
    with Image.open(io.BytesIO(found)) as left, Image.open(io.BytesIO(all_shown)) as before:
        assert left.size != before.size
        framed = (22, 163, 74)
        assert framed in {colour for _, colour in before.getcolors(1 << 20) or []}
        # What is framed is what the region grew from, which is gone.
        assert framed not in {colour for _, colour in left.getcolors(1 << 20) or []}


def test_no_document_names_what_is_withheld(model: ExplainedModel) -> None:
    name = next(iter(model.thumbnails))
    manifest = model.manifest.model_copy(update={"command": f"fit --like {name}"})
    named = dataclasses.replace(model, manifest=manifest, tree=f"<svg>{name}</svg>".encode())
    found = named.disclosing(Disclosure(withheld=frozenset({name})))

    assert name.encode() in named.card
    assert name.encode() not in found.card
    assert orjson.loads(found.card)["command"] == "fit --like (withheld)"
    assert found.tree_svg == b"<svg>(withheld)</svg>"
    assert named.tree_svg == f"<svg>{name}</svg>".encode()
    assert model.disclosing(Disclosure(withheld=frozenset({name}))).card == model.card


def test_a_copy_cannot_be_told_from_an_image_beside_it_by_its_distance(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = model.disclosing(Disclosure("thumbnail", rounded=True))
    images = model.explaining.parts.representatives
    floor = images.usual_gap
    assert floor > 0.0
    beside = 0
    for place, row in enumerate(images.rows.tolist()):
        copy = digits_images[row]
        near = copy.copy()
        near[3, 3] ^= 32
        exact = [told(model, one).examples[0] for one in (copy, near)]
        shown = [told(found, one).examples[0] for one in (copy, near)]
        assert exact[0].id == images.ids[place]
        assert exact[0].distance == 0.0
        assert shown[0].distance == float(f"{floor:.2g}")
        if 0.0 < exact[1].distance < floor and exact[1].id == exact[0].id:
            beside += 1
            assert shown[1] == shown[0]
    assert beside >= 30


def test_rounded_distances_have_two_digits_and_keep_their_order(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    found = model.disclosing(Disclosure(rounded=True))
    for image in digits_images[::60]:
        exact, shown = told(model, image, MANY), told(found, image, MANY)
        distances = [one.distance for one in shown.examples]
        assert [one.id for one in shown.examples] == [one.id for one in exact.examples]
        assert distances == sorted(distances)
        assert all(one == float(f"{one:.2g}") for one in distances)
        assert shown.contrast is not None
        assert shown.contrast.distance == float(f"{shown.contrast.distance:.2g}")


def test_the_whole_set_passes_over_what_is_withheld(
    model: ExplainedModel, digits_images: list[ByteArray]
) -> None:
    pytest.importorskip("faiss", reason="the extra `faiss` is not installed")
    parts = model.explaining.parts
    shown = parts.representatives
    whole = WholeSet(
        vectors=shown.vectors,
        centroids=shown.vectors[:1],
        rows=shown.rows,
        ids=shown.ids,
        labels=shown.labels,
        predicted=shown.predicted,
        clusters=shown.clusters,
        cluster_names=shown.cluster_names,
    )
    explaining = dataclasses.replace(
        model.explaining, parts=dataclasses.replace(parts, whole=whole)
    )
    searched = dataclasses.replace(model, explaining=explaining)
    for image in digits_images[::200]:
        before = told(model, image, MANY)
        gone = frozenset(one.id for one in before.examples[::2])
        after = told(searched.disclosing(Disclosure(withheld=gone)), image)
        kept = [one.id for one in before.examples if one.id not in gone]

        assert [one.id for one in after.examples] == kept[:5]
        assert after.exact is False


def aimed(images: list[ByteArray], rows: list[int]) -> Iterable[ByteArray]:
    """The very images, and others near each."""
    rng = np.random.default_rng(7)
    while True:
        for row in rows:
            yield images[row]
            near = images[row].astype(np.int16) + rng.integers(-24, 25, images[row].shape)
            yield np.clip(near, 0, 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("mode", "rounded", "queries"),
    [("full", False, 5_000), ("thumbnail", True, 4_000), ("id", True, 1_000)],
)
def test_an_opted_out_id_never_appears_in_10_000_aimed_queries(
    model: ExplainedModel,
    digits_images: list[ByteArray],
    known: dict[str, int],
    *,
    mode: Mode,
    rounded: bool,
    queries: int,
) -> None:
    gone = sorted(known)[::9]
    found = model.disclosing(Disclosure(mode, rounded, frozenset(gone)))
    ways: tuple[Explain, ...] = ("trace", "full", "none")
    options = [ReplyOptions(explain, None, count) for explain in ways for count in (5, 1, 20)]
    options += [ReplyOptions(methods=(name,)) for name in model.methods]
    encoded = [one.encode() for one in gone]
    would, pictures = 0, set[str]()
    for number, image in zip(
        range(queries), aimed(digits_images, [known[one] for one in gone]), strict=False
    ):
        asked = options[number % len(options)]
        answered = found.answer(image, asked)
        assert not any(one in answered.body for one in encoded)
        assert not {key for _, key in answered.outcome.cited}.intersection(gone)
        if number < 100:  # what is aimed at would be hit
            would += any(one in model.reply(image, asked) for one in encoded)
            pictures.update(one.id for one in Reply.model_validate_json(answered.body).examples)
    assert would > 60
    assert not any(found.example_png(one) for one in gone)
    assert all((found.example_png(one) is None) == (mode == "id") for one in pictures)
    picture = found.region_png("pointer", REGION)
    assert (picture is None) == (mode == "id")
