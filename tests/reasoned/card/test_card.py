from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from reasoned.card.card import model_card
from reasoned.folder.checking import read_manifest
from reasoned.folder.manifest import Manifest
from tests.reasoned.card.evaluated import SHA256, header_of, measured, subject

SECTIONS = (
    "Intended use",
    "Out of scope",
    "How to use it",
    "Training data",
    "The network",
    "Methods",
    "Accuracy and fidelity",
    "Reliability",
    "Images that differ from the training images",
    "Limits and risks",
    "Cost",
    "Versions and digests",
    "How it was made",
)


@pytest.fixture
def manifest(digits_folder: Path) -> Manifest:
    return read_manifest(digits_folder)[0]


@pytest.mark.parametrize("evaluated", [False, True])
def test_the_hub_reads_the_card_and_it_has_every_section(
    manifest: Manifest, *, evaluated: bool
) -> None:
    card = ModelCard(model_card(subject(manifest, measured() if evaluated else None)))

    titles = [line[3:] for line in card.text.splitlines() if line.startswith("## ")]
    assert tuple(titles) == SECTIONS
    assert [line for line in card.text.splitlines() if line.startswith("# ")] == ["# digits 1"]


def test_it_says_what_the_manifest_says(manifest: Manifest) -> None:
    found = model_card(subject(manifest))

    assert (
        f"| accuracy of the network | {100 * float(manifest.figures['accuracy'] or 0):.2f} % |"
        in found
    )
    assert f"| train | {manifest.data.train:,} | every fit |" in found
    assert "The network was not trained on the calibration images." in found
    assert "| additive | all | 100 %, by construction |" in found
    assert f"| manifest.json (in every reply) | {SHA256} |" in found
    assert f"| network.onnx | {manifest.files['network.onnx'].sha256} |" in found
    assert f"```\n{manifest.command}\n```" in found
    assert found.count("Not measured; run `reasoned evaluate MODEL --data ...`") == 2
    assert f"{manifest.request_ms:g} ms" in found


def test_it_says_what_the_evaluation_found(manifest: Manifest) -> None:
    found = model_card(subject(manifest, measured()))

    assert "Not measured; run" not in found
    assert "| fidelity of the first choice where the network is wrong | 61.25 % |" in found
    assert r"| meta\_forest | 80.00 % | 97.75 % |" in found
    assert "| weak | 10.00 % | - | 90.00 % |" in found
    assert "- holds: The estimate is off by 0.004." in found
    assert r"- **does not hold**: Of noise 0.9 is not \`supported\`." in found
    assert "- not measured: Peers." in found
    assert "- calibration error of the estimate: 0.0042" in found
    assert "| blur, 3 | 1,000 | 25.00 % | 80.00 % | 75.00 % | - |" in found
    assert r"| noise: uniform \| noise | 200 | 97.50 % |" in found
    assert r"| meta\_forest | ours | 0.021 | 0.2 |" in found


def test_what_an_evaluation_left_out_is_said(manifest: Manifest) -> None:
    found = model_card(subject(manifest, measured(shift=[], strangers=[], cost=[])))

    assert "The evaluation left this out." in found
    assert "in one run:" not in found


def test_images_that_may_have_been_seen_are_named_so(manifest: Manifest) -> None:
    data = manifest.data.model_copy(update={"calibration_seen": "may_have_been_seen"})
    found = model_card(subject(manifest.model_copy(update={"data": data})))

    assert "The network may have been trained on the calibration images" in found


def test_what_was_refused_and_methods_of_others_are_in_it(manifest: Manifest) -> None:
    changed = manifest.model_copy(
        update={"refused": {"representative": "no_linear piece"}, "methods": {"own": {}}}
    )
    found = model_card(subject(changed))

    assert r"- representative: no\_linear piece" in found
    assert "### own\n\nA method that this release does not describe." in found


def test_names_cannot_become_marks(manifest: Manifest) -> None:
    evil = "<script>alert(1)</script>\n# [x](http://a.b) | `"
    names = {"name": evil, "classes": (evil, "b"), "command": "```\n# x"}
    card = model_card(subject(manifest.model_copy(update=names)))
    text = ModelCard(card).text

    assert header_of(card).model_name == evil
    assert "<script>" not in text
    assert "[x](http" not in text
    titles = [line for line in text.splitlines() if line.startswith("# ")]
    assert len(titles) == 1


def test_many_classes_are_counted_not_listed(manifest: Manifest) -> None:
    changed = manifest.model_copy(update={"classes": tuple(f"class {i}" for i in range(1000))})

    found = model_card(subject(changed))
    assert "It tells 1000 classes apart: class 0, " in found
    assert "class 99, and 900 more." in found
