"""Which steps are done."""

import json
from pathlib import Path

from benchmarks.faithfulness_plan import STEPS, done, result_of, steps_of


def test_a_step_is_done_for_the_model_that_is_there(digits_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "fashion").symlink_to(digits_folder)
    sha256 = (digits_folder / "manifest.sha256").read_text().split()[0]
    path = result_of(tmp_path, "fashion-report")

    assert not done(tmp_path, "fashion-report")
    path.write_text(json.dumps({"model_sha256": "of a model that was replaced"}))
    assert not done(tmp_path, "fashion-report")
    path.write_text(json.dumps({"model_sha256": sha256}))
    assert done(tmp_path, "fashion-report")
    assert not done(tmp_path, "mnist-report")


def test_a_model_is_fitted_before_anything_reads_it() -> None:
    assert steps_of("mnist") == ["mnist-fit", "mnist-report", "mnist-judges", "mnist-seeds"]
    assert set(STEPS) == {*steps_of("mnist"), *steps_of("fashion")}
