"""What is done on the event loop, and what is not."""

import asyncio
import threading

import orjson

from reasoned.reply.options import ReplyOptions
from service.arrival import Arrival
from service.desk import Desk
from service.pictures import LIGHT_PIXELS, EncodedPicture
from service.settings import Settings
from tests.service.brightness import BrightnessModel, png

ARRIVAL = Arrival("0" * 32, 1.0)
LIGHT, HEAVY = EncodedPicture(png(90)), EncodedPicture(png(90, 513))


def told() -> tuple[Desk, list[bool]]:
    """A desk, and whether each of its replies was made on the main thread."""
    places: list[bool] = []
    model = BrightnessModel(
        during=lambda: places.append(threading.current_thread() is threading.main_thread())
    )
    return Desk.open(model, Settings()), places


def test_a_small_file_of_many_pixels_leaves_the_event_loop() -> None:
    desk, places = told()
    assert len(HEAVY.data) < 65_536 < LIGHT_PIXELS < 513 * 513

    for picture in (LIGHT, HEAVY):
        asyncio.run(desk.reply(picture, ReplyOptions(), ARRIVAL))

    assert places == [True, False]
    desk.pool.close()


def test_what_is_asked_in_full_leaves_the_event_loop() -> None:
    desk, places = told()

    for options in (ReplyOptions("none"), ReplyOptions("trace"), ReplyOptions("full")):
        asyncio.run(desk.reply(LIGHT, options, ARRIVAL))
        asyncio.run(desk.batch_reply([LIGHT], options, ARRIVAL))

    assert places == [True] * 4 + [False] * 2
    desk.pool.close()


def test_a_batch_leaves_it_from_its_first_heavy_picture_on() -> None:
    desk, places = told()

    found = asyncio.run(desk.batch_reply([LIGHT, HEAVY, LIGHT], ReplyOptions(), ARRIVAL))

    assert places == [True, False, False]
    assert [item["index"] for item in orjson.loads(found)["results"]] == [0, 1, 2]
    desk.pool.close()
