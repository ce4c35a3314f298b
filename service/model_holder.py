"""The model that answers, which another may replace between two requests."""

from typing import final

from reasoned.reply.disclosure import Disclosure
from service.served_model import ServedModel
from service.settings import Settings


@final
class ModelHolder:
    """Holds the model that answers now.

    Whoever works for one request asks once, and goes on with what it was given: each reply
    comes from one model, wholly.

    Parameters
    ----------
    model
        The first one.

    """

    def __init__(self, model: ServedModel) -> None:
        self._model = model

    @property
    def model(self) -> ServedModel:
        """The model that answers now."""
        return self._model

    def swap(self, model: ServedModel) -> None:
        """Let another one answer from now on."""
        self._model = model


def disclosure_of(settings: Settings) -> Disclosure:
    """Give what the settings disclose of training images; what is withheld comes later."""
    return Disclosure(settings.examples, rounded=settings.distances == "rounded")
