"""What an explanation costs in process, as a ratio to the prediction alone."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import orjson

from explainers.arrays import ByteArray
from reasoned.inference import softmax
from reasoned.model import ExplainedModel
from reasoned.reply.options import ReplyOptions

ROUNDS = 60
PER_ROUND = 64


def measure(model: ExplainedModel, bare: Path, images: list[ByteArray]) -> dict[str, Any]:
    """Interleave plain, default and full replies over rotating images.

    Plain is preprocessing, the bare network in onnxruntime, softmax, and the class as
    JSON. Each round gives every candidate the same images; ratios are within a round.
    """
    parts = model.explaining.parts
    session = bare_session(bare)
    image_input = session.get_inputs()[0].name

    def plain(image: ByteArray) -> bytes:
        (logits,) = session.run(None, {image_input: parts.preprocessing.apply(image)[None]})
        shares, k = softmax(logits[0]), int(logits[0].argmax())
        record = {"label": parts.classes[k], "index": k, "probability": round(shares[k], 6)}
        return orjson.dumps(record)

    none, trace, full = (ReplyOptions(explain=e) for e in ("none", "trace", "full"))
    without = ReplyOptions(neighbours=0)
    candidates: dict[str, Callable[[ByteArray], bytes]] = {
        "plain": plain,
        "reply, explain=none": lambda image: model.reply(image, none),
        "reply, default, no examples": lambda image: model.reply(image, without),
        "reply, default": lambda image: model.reply(image, trace),
        "reply, explain=full": lambda image: model.reply(image, full),
    }
    times: dict[str, list[float]] = {name: [] for name in candidates}
    for number in range(ROUNDS):
        start = number * PER_ROUND
        chosen = [images[(start + i) % len(images)] for i in range(PER_ROUND)]
        for name, call in candidates.items():
            began = time.perf_counter()
            for image in chosen:
                call(image)
            times[name].append((time.perf_counter() - began) / PER_ROUND)
    base = np.array(times["plain"])
    return {
        name: {
            "microseconds": round(1e6 * float(np.median(found)), 1),
            "ratio": round(float(np.median(np.array(found) / base)), 3),
            "best_ratio": round(float(np.min(found) / np.min(base)), 3),
        }
        for name, found in times.items()
    }


def bare_session(path: Path) -> onnxruntime.InferenceSession:
    """Load a network for one thread, with nothing of ours around it."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path.read_bytes(), options)
