"""One training of FLINT on the paper's split: all 60,000 images, judged on the 10,000."""

import argparse
import dataclasses
import json
from pathlib import Path

import numpy as np

from benchmarks.flint_settings import SETTINGS
from benchmarks.machine import header
from benchmarks.reproducing import DATA
from explainers.arrays import IntArray
from explainers.attributes.fitting.measuring import measure, pass_through
from explainers.attributes.fitting.observing import Scale, Training
from reasoned.datasets.dataset import Dataset
from reasoned.datasets.sources import open_dataset
from reasoned.fitting.by_design import ByDesignSettings, Images, Together, train_by_design
from reasoned.fitting.progress import bar

HELD_OUT = 5000


def main() -> None:
    """Train one setting with one seed, and write what it achieves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("setting", choices=sorted(SETTINGS))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="a folder; it may exist")
    asked = parser.parse_args()
    setting, top = SETTINGS[asked.setting], header()
    asked.out.mkdir(parents=True, exist_ok=True)
    dataset = open_dataset(DATA[setting.data], data_dir=asked.data_dir)
    rows, judged = sides(dataset, held_out=setting.held_out)
    train = images_of(dataset, rows)
    settings = ByDesignSettings(setting.preset, asked.seed, setting.precision)
    together = train_by_design(train, settings, asked.out, bar)
    found = judge(together, images_of(dataset, judged))
    record = {**top, "setting": asked.setting, "seed": asked.seed, **found}
    (asked.out / "result.json").write_text(json.dumps(record, indent=1) + "\n")
    print(json.dumps({k: found[k] for k in ("f", "g", "fidelity", "cns", "used", "served")}))


def sides(dataset: Dataset, *, held_out: bool) -> tuple[IntArray, IntArray]:
    """Give the rows that are trained on, and those that are judged on."""
    train, test = np.flatnonzero(~dataset.official_test), np.flatnonzero(dataset.official_test)
    if not held_out:
        return train, test
    shuffled = np.random.default_rng(7).permutation(train)
    return np.sort(shuffled[HELD_OUT:]), np.sort(shuffled[:HELD_OUT])


def images_of(dataset: Dataset, rows: IntArray) -> Images:
    """Read images, pixels in [0, 1]."""
    pixels = np.stack([dataset.image(int(row)) for row in rows]).transpose(0, 3, 1, 2)
    scale = Scale(np.zeros(1, np.float32), np.ones(1, np.float32))
    labels = dataset.labels[rows]
    return Images(pixels.astype(np.float32) / np.float32(255), labels, len(dataset.classes), scale)


def judge(together: Together, test: Images) -> dict[str, object]:
    """Measure a trained pair on test images; give its log too."""
    source = Training(test.pixels, test.labels, together.tapped, test.scale)
    weights = together.interpreter.class_weights.detach().numpy()
    found = measure(pass_through(together.interpreter, source), weights)
    records = [dataclasses.asdict(record) for record in together.records]
    seconds = sum(record.cpu_seconds for record in together.records)
    return {**dataclasses.asdict(found), "cpu_seconds": round(seconds, 1), "epochs": records}


if __name__ == "__main__":
    main()
