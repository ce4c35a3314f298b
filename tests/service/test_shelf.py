"""What a worker shows of what was answered before."""

from pathlib import Path

import pytest

from reasoned.ledger.reading import Stored
from reasoned.reply.disclosure import Mode
from service.settings import Settings
from service.worker import Worker
from tests.reasoned.ledger.recorded import decision
from tests.service.brightness import KNOWN, BrightnessModel

NINE = decision(1, model=BrightnessModel().sha256, cited=(("leaf", "a"), ("example", "train-9")))


@pytest.mark.parametrize(
    ("mode", "left"), [("id", NINE.cited), ("prototype", NINE.cited[:1]), ("off", NINE.cited[:1])]
)
def test_a_worker_shows_as_its_settings_disclose(
    tmp_path: Path, mode: Mode, left: tuple[tuple[str, str], ...]
) -> None:
    settings = Settings(ledger=str(tmp_path / "ledger.sqlite3"), examples=mode)
    worker = Worker.open(BrightnessModel(), settings)

    shown = worker.shelf.shown(Stored(1, NINE)).decision

    assert shown.cited == left
    assert worker.shelf.hindsight().disclosure.mode == mode
    worker.stop()


def test_it_follows_the_model_that_answers_now(tmp_path: Path) -> None:
    listed = tmp_path / "withheld"
    listed.write_text("", encoding="utf-8")
    settings = Settings(ledger=str(tmp_path / "ledger.sqlite3"), opt_out_file=listed)
    worker = Worker.open(BrightnessModel(), settings)
    before = worker.shelf.shown(Stored(1, NINE)).decision

    listed.write_text("\n".join(KNOWN), encoding="utf-8")
    worker.opt_outs.look()

    after = worker.shelf.shown(Stored(1, NINE)).decision
    assert (before.cited, after.cited) == (NINE.cited, NINE.cited[:1])
    worker.stop()
