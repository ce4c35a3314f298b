"""Pictures in, finished replies out: the one place where the model is asked."""

import asyncio
import contextlib
import dataclasses
import logging
import time
from collections.abc import Callable
from typing import Final, final

import orjson

from explainers.arrays import ByteArray
from explainers.errors import ReasonedError
from reasoned.errors import ImageTooLargeError
from reasoned.reply.options import ReplyOptions
from service.arrival import Arrival
from service.model_holder import ModelHolder, disclosure_of
from service.pictures import Picture
from service.problems import describe_error, is_fault
from service.served_model import ServedModel
from service.settings import Settings
from service.telling import Observer, Told
from service.work import WorkPool

_LOGGER: Final = logging.getLogger("reasoned.service")
# A larger file may take longer to decode than the measured request, whose image was small.
_LIGHT: Final = 65_536
PICTURES: Final = 64  # that may wait to be drawn
Item = tuple[int, Picture, Arrival]
Answering = Callable[[Picture, ReplyOptions, Arrival], bytes]
Decoding = Callable[[ServedModel], ByteArray]


class _HeavyError(Exception):
    """A picture has more pixels than are decoded on the event loop."""


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """A model, and where its work is done.

    Attributes
    ----------
    holder
        The loaded model.
    pool
        The threads for work that is too slow for the event loop.
    drawing
        One more, for pictures: many are asked for at a time, and no prediction should wait
        for them.
    inline
        Whether light work is done on the event loop.
    observers
        Told of every answer before it is sent, in this order.

    """

    holder: ModelHolder
    pool: WorkPool
    drawing: WorkPool
    inline: bool
    observers: tuple[Observer, ...] = ()

    @classmethod
    def open(
        cls, model: ServedModel, settings: Settings, observers: tuple[Observer, ...] = ()
    ) -> "Desk":
        """Decide where the work is done, by what the fit measured."""
        pool = WorkPool(settings.slots, settings.queue)
        inline = model.request_ms < settings.inline_ms
        holder = ModelHolder(model.disclosing(disclosure_of(settings)))
        return cls(holder, pool, WorkPool(1, PICTURES), inline, observers)

    @property
    def model(self) -> ServedModel:
        """The model that answers now; whoever works for one request asks once."""
        return self.holder.model

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
            (index, picture, _item_of(arrival, index)) for index, picture in enumerate(pictures)
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
        return self._answer(picture, picture.decode, options, arrival)

    def _light_reply(self, picture: Picture, options: ReplyOptions, arrival: Arrival) -> bytes:
        return self._answer(picture, lambda model: _decoded_light(picture, model), options, arrival)

    def _answer(
        self, picture: Picture, decode: Decoding, options: ReplyOptions, arrival: Arrival
    ) -> bytes:
        model, began = self.model, time.perf_counter()
        image = decode(model)
        decode_us = round(1e6 * (time.perf_counter() - began))
        answered = model.answer(
            image, options, request_id=arrival.request_id, started=arrival.started
        )
        if self.observers:
            word = model.disclosure.word
            told = Told(arrival, options, picture, image, answered, decode_us, word)
            for observe in self.observers:
                observe(told)
        return answered.body

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


def _item_of(arrival: Arrival, index: int) -> Arrival:
    return dataclasses.replace(arrival, request_id=f"{arrival.request_id}-{index}")


def _decoded_light(picture: Picture, model: ServedModel) -> ByteArray:
    try:
        return picture.decode_light(model)
    except ImageTooLargeError as error:
        raise _HeavyError from error
