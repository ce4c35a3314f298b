"""Pictures in, finished replies out: the one place where the model is asked."""

import asyncio
import contextlib
import dataclasses
import logging
from collections.abc import Callable
from typing import Final, final

import orjson

from explainers.arrays import ByteArray
from explainers.errors import ReasonedError
from reasoned.errors import ImageTooLargeError
from reasoned.reply.options import ReplyOptions
from service.arrival import Arrival
from service.pictures import Picture
from service.problems import describe_error, is_fault
from service.served_model import ServedModel
from service.settings import Settings
from service.work import WorkPool

_LOGGER: Final = logging.getLogger("reasoned.service")
# A larger file may take longer to decode than the measured request, whose image was small.
_LIGHT: Final = 65_536
PICTURES: Final = 64  # that may wait to be drawn
Item = tuple[int, Picture, Arrival]
Answering = Callable[[Picture, ReplyOptions, Arrival], bytes]


class _HeavyError(Exception):
    """A picture has more pixels than are decoded on the event loop."""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A model, and where its work is done.

    Attributes
    ----------
    model
        The loaded model.
    pool
        The threads for work that is too slow for the event loop.
    drawing
        One more, for pictures: many are asked for at a time, and no prediction should wait
        for them.
    inline
        Whether light work is done on the event loop.

    """

    model: ServedModel
    pool: WorkPool
    drawing: WorkPool
    inline: bool

    @classmethod
    def open(cls, model: ServedModel, settings: Settings) -> "Desk":
        """Decide where the work is done, by what the fit measured."""
        pool = WorkPool(settings.slots, settings.queue)
        return cls(model, pool, WorkPool(1, PICTURES), inline=model.request_ms < settings.inline_ms)

    async def reply(self, picture: Picture, options: ReplyOptions, arrival: Arrival) -> bytes:
        """Answer one picture; raise the error that says why it cannot be answered."""
        if self._light([picture], options):
            with contextlib.suppress(_HeavyError):
                return self._light_reply(picture, options, arrival)
        return await self.pool.run(lambda: self._reply(picture, options, arrival))

    async def batch_reply(
        self, pictures: list[Picture], options: ReplyOptions, arrival: Arrival
    ) -> bytes:
        """Answer many pictures, each as if it had come alone."""
        named = [
            (index, picture, Arrival(f"{arrival.request_id}-{index}", arrival.started))
            for index, picture in enumerate(pictures)
        ]
        light = self._light(pictures, options)
        items = await self._light_items(named, options) if light else []
        if rest := named[len(items) :]:
            items += await self.pool.run(
                lambda: [self._item(item, options, self._reply) for item in rest]
            )
        return b'{"id":"%b","results":[%b]}' % (arrival.request_id.encode(), b",".join(items))

    def _light(self, pictures: list[Picture], options: ReplyOptions) -> bool:
        """Say whether to try on the event loop; in full a method may search for long."""
        small = all(picture.weight <= _LIGHT for picture in pictures)
        return self.inline and small and options.explain != "full"

    async def _light_items(self, named: list[Item], options: ReplyOptions) -> list[bytes]:
        """Answer the pictures before the first that is heavy."""
        found: list[bytes] = []
        for item in named:
            try:
                found.append(self._item(item, options, self._light_reply))
            except _HeavyError:
                break
            await asyncio.sleep(0)  # others may be served in between
        return found

    def _reply(self, picture: Picture, options: ReplyOptions, arrival: Arrival) -> bytes:
        return self._answer(picture.decode(self.model), options, arrival)

    def _light_reply(self, picture: Picture, options: ReplyOptions, arrival: Arrival) -> bytes:
        try:
            image = picture.decode_light(self.model)
        except ImageTooLargeError as error:
            raise _HeavyError from error
        return self._answer(image, options, arrival)

    def _answer(self, image: ByteArray, options: ReplyOptions, arrival: Arrival) -> bytes:
        return self.model.reply(
            image, options, request_id=arrival.request_id, started=arrival.started
        )

    def _item(self, item: Item, options: ReplyOptions, answer: Answering) -> bytes:
        index, picture, arrival = item
        try:
            reply = answer(picture, options, arrival)
        except ReasonedError as error:
            if is_fault(error):
                _LOGGER.exception("an item of a batch failed")
            problem = orjson.dumps(describe_error(error, arrival.request_id))
            return b'{"index":%d,"reply":null,"problem":%b}' % (index, problem)
        return b'{"index":%d,"reply":%b,"problem":null}' % (index, reply)
