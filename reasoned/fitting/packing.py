"""Write a fitted model into its folder, try it, and seal it."""

import dataclasses
import importlib.metadata
import io
import json
import platform
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import final

import numpy as np
from PIL import Image

from explainers.arrays import ByteArray, IntArray
from explainers.heads import Head
from explainers.reliability import Calibration
from explainers.status import StatusRule
from reasoned.drift.reference import ReferenceRecord, write_reference
from reasoned.errors import FolderError
from reasoned.explaining import Explaining, Parts
from reasoned.fitting.drift_images import Held, answer_held
from reasoned.fitting.drift_reference import measure
from reasoned.fitting.inputs import Built
from reasoned.fitting.settings import FitSettings
from reasoned.folder.manifest import (
    SCHEMA_VERSION,
    DataRecord,
    Figure,
    Manifest,
    NetworkRecord,
)
from reasoned.folder.selftest import IMAGES, SelfTest, write_selftest
from reasoned.folder.thumbnails import write_thumbnails
from reasoned.folder.writing import seal
from reasoned.images.decode import decode_image
from reasoned.images.thumbnails import thumbnail_png
from reasoned.inference import Network
from reasoned.network.heads import add_heads, map_size
from reasoned.reply.options import DEFAULT, ReplyOptions

COMPARED = 256
_NO_DIGEST = "0" * 64
_LIBRARIES = ("reasoned", "numpy", "onnxruntime", "pillow", "safetensors", "scikit-learn", "torch")


@final
@dataclasses.dataclass(frozen=True, eq=False)
class Packed:
    """All that goes into the folder, and all that the manifest says of it.

    `rows` are the training rows: what is tried out here comes from no other split. `validation`
    and `calibration` are what the reference of the drift detectors is measured on.
    """

    settings: FitSettings
    built: Built
    parts: Parts
    refused: dict[str, str]
    figures: dict[str, Figure]
    counts: dict[str, int]
    seen: Calibration
    rows: IntArray
    validation: Held
    calibration: Held


def pack(packed: Packed, folder: Path, progress: Callable[..., Iterable[int]]) -> None:
    """Write every part, the thumbnails, the self-test and the manifest."""
    parts = packed.parts
    for method in parts.explainers.values():
        method.save(folder / "methods")
        if (picture := method.picture()) is not None:
            (folder / "pictures").mkdir(exist_ok=True)
            (folder / "pictures" / f"{method.name}.svg").write_text(picture, encoding="utf-8")
    parts.representatives.save(folder / "neighbours")
    if parts.whole is not None:
        parts.whole.save(folder / "neighbours")
    parts.support.save(folder / "support")
    parts.rule.save(folder)
    parts.reliability.save(folder)
    write_thumbnails(folder, _thumbnails(packed, progress))
    add_heads(folder / "network.onnx", _heads(parts, map_size(folder / "network.onnx")))
    # From here on as it will be served: one thread, the files just written.
    served = dataclasses.replace(parts, network=Network.load(folder / "network.onnx"))
    settings = packed.settings
    explaining = Explaining.of(served, settings.name, settings.version, _NO_DIGEST)
    images = [settings.dataset.image(row) for row in _tested_rows(packed)]
    write_selftest(folder, [_selftest(explaining, image) for image in images[:IMAGES]])
    write_reference(folder, _reference(packed, explaining, progress))
    seal(
        folder,
        _manifest(packed, _preprocessing_difference(packed, images), _cost(explaining, images)),
    )


def _reference(
    packed: Packed, explaining: Explaining, progress: Callable[..., Iterable[int]]
) -> ReferenceRecord:
    """Measure on other images what is far, and what comes of it how often."""
    limits = answer_held(explaining, packed.validation, progress)
    seen = answer_held(explaining, packed.calibration, progress)
    source = packed.settings.calibration_source or "the fit's calibration split"
    return measure(limits.outcomes, seen, packed.parts.classes, source)


def _heads(parts: Parts, plane: int | None) -> list[Head]:
    found = [parts.representatives.head(), parts.support.head(parts.network.shape, plane)]
    return found + [head for method in parts.explainers.values() if (head := method.head())]


def _thumbnails(packed: Packed, progress: Callable[..., Iterable[int]]) -> dict[str, bytes]:
    parts, dataset = packed.parts, packed.settings.dataset
    rows = set(parts.representatives.rows.tolist())
    rows |= set() if parts.whole is None else set(parts.whole.rows.tolist())
    for method in parts.explainers.values():
        rows |= set(method.cites())
    chosen = sorted(rows)
    return {
        dataset.example_id(chosen[i]): thumbnail_png(dataset.image(chosen[i]))
        for i in progress(range(len(chosen)), "thumbnails")
    }


def _tested_rows(packed: Packed) -> list[int]:
    """Pick training images at random for the self-test and for what is compared and timed."""
    rng = np.random.default_rng([packed.settings.seed, 4])
    count = min(COMPARED, len(packed.rows))
    rows: list[int] = rng.choice(packed.rows, count, replace=False).tolist()
    return rows


def _selftest(explaining: Explaining, image: ByteArray) -> SelfTest:
    reply = explaining.reply(image, ReplyOptions(explain="full"), "self-test", None)
    return SelfTest(png(image), json.loads(reply))


def png(image: ByteArray) -> bytes:
    """Encode an image of shape (rows, columns, channels) without loss."""
    buffer = io.BytesIO()
    Image.fromarray(image[:, :, 0] if image.shape[2] == 1 else image).save(buffer, "PNG")
    return buffer.getvalue()


def _preprocessing_difference(packed: Packed, images: list[ByteArray]) -> float:
    """Compare what a client's PNG becomes with what the fit saw."""
    apply = packed.parts.preprocessing.apply
    gaps = [float(np.abs(apply(decode_image(png(x))) - apply(x)).max()) for x in images]
    if max(gaps) > 0.0:
        raise FolderError(
            f"served preprocessing differs from fitted preprocessing by {max(gaps)} on an image"
        )
    return max(gaps)


def _cost(explaining: Explaining, images: list[ByteArray]) -> float:
    """Give the median time of a default reply, in milliseconds."""
    times = []
    for image in images:
        started = time.perf_counter()
        explaining.reply(image, DEFAULT, "cost", None)
        times.append(time.perf_counter() - started)
    return round(1000.0 * float(np.median(times)), 4)


def _manifest(packed: Packed, difference: float, cost: float) -> Manifest:
    settings, parts, built = packed.settings, packed.parts, packed.built
    tapped, trained = built.tapped, settings.trained
    return Manifest(
        schema_version=SCHEMA_VERSION,
        name=settings.name,
        version=settings.version,
        classes=parts.classes,
        preprocessing=parts.preprocessing,
        preprocessing_max_difference=difference,
        network=NetworkRecord(
            source=settings.network.source if trained is None else trained.source,
            layer=tapped.layer,
            units=tapped.units,
            shape=tapped.shape,
            trained_here=built.trained_here,
            export_max_logit_difference=built.difference,
            export_images=0 if built.difference is None else min(COMPARED, packed.counts["train"]),
        ),
        data=DataRecord(
            spec=settings.spec,
            sha256=settings.dataset.checksum(),
            **packed.counts,
            calibration_source=settings.calibration_source or "a split of the data",
            calibration_seen=packed.seen,
        ),
        methods={name: dict(method.summary()) for name, method in parts.explainers.items()},
        refused=packed.refused,
        figures=packed.figures,
        bounds={
            **_rule_bounds(parts.rule),
            "hidden_distance_limit": parts.support.hidden_limit,
            "input_distance_limit": parts.support.input_limit,
            "pixel_distance_limit": parts.support.pixel_limit,
            "representatives": len(parts.representatives),
        },
        request_ms=cost,
        seed=settings.seed,
        command=settings.command,
        libraries=_libraries(),
        files={},
    )


def _rule_bounds(rule: StatusRule) -> dict[str, Figure]:
    """Describe the decision list of all methods."""
    key = rule.key(rule.methods)
    if not key:
        return {}
    chosen = rule.lists[key]
    found: dict[str, Figure] = {
        "methods_asked_in_order": ", ".join(chosen.asking),
        "target_fidelity": round(chosen.target, 6),
        "target_reached": chosen.reached,
    }
    for entry in chosen.entries:
        found |= {
            f"{entry.method}_least_strength": entry.least_strength,
            f"{entry.method}_company": entry.company,
        }
    return found


def _libraries() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
