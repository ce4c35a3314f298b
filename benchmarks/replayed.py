"""Record test images as the service does, and compute every answer again."""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.machine import header
from explainers.arrays import ByteArray
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.packing import png
from reasoned.ledger.keeping import Keep
from reasoned.ledger.reading import read
from reasoned.model import ExplainedModel
from reasoned.replay.replay import replay
from reasoned.reply.options import DEFAULT
from service.arrival import Arrival
from service.model_holder import disclosure_of
from service.pictures import EncodedPicture
from service.recorded import Records
from service.settings import Settings
from service.telling import Told

IMAGES = 100
KEEPS: tuple[Keep, ...] = ("image", "activations")


def main() -> None:
    """Count the equal ones for either thing that may be kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    model = ExplainedModel.load(given.model)
    dataset = open_dataset(model.manifest.data.spec, data_dir=given.data_dir)
    rows = np.random.default_rng(0).choice(len(dataset), IMAGES, replace=False).tolist()
    images = [dataset.image(row) for row in rows]
    kept = {keep: _replayed(model, images, keep) for keep in KEEPS}
    found = {**header(), "of": IMAGES, "kept": kept, "replay_equal": min(kept.values())}
    given.out.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def _replayed(model: ExplainedModel, images: list[ByteArray], keep: Keep) -> int:
    with tempfile.TemporaryDirectory() as place:
        settings = Settings(ledger=f"{place}/ledger.sqlite3", ledger_keep=keep)
        served = model.disclosing(disclosure_of(settings))
        records = Records.open(served, settings)
        if records is None:
            raise SystemExit("the ledger is off")
        records.start()
        try:
            names = [_answer(served, records, image, i) for i, image in enumerate(images)]
            if not records.writer.flush(10.0):
                raise SystemExit("the ledger could not be written within ten seconds")
            return sum(_equal(served, records, name) for name in names)
        finally:
            records.stop()


def _answer(model: ExplainedModel, records: Records, image: ByteArray, number: int) -> str:
    picture, name = EncodedPicture(png(image)), f"{number:032x}"
    answered = model.answer(image, DEFAULT, request_id=name, started=time.perf_counter())
    told = Told(Arrival(name, 0.0), DEFAULT, picture, image, answered, 0, model.disclosure.word)
    records.observe(told)
    return name


def _equal(model: ExplainedModel, records: Records, name: str) -> bool:
    stored = read(records.ledger, name, None)
    return stored is not None and replay(stored.decision, model).equal


if __name__ == "__main__":
    main()
