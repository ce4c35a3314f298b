"""Training images that are shown no more: followed while the service runs."""

import dataclasses
import logging
import threading
from typing import Final, Self, final

from sqlalchemy.exc import SQLAlchemyError

from explainers.neighbours.served import is_usual
from reasoned.errors import LedgerError
from reasoned.ledger.ledger import Ledger
from reasoned.ledger.opt_outs import listed_examples
from service.model_holder import ModelHolder
from service.opt_out_file import OptOutFile
from service.settings import Settings
from service.work import WorkPool

EVERY: Final = 0.5  # seconds between two looks
_WAITING: Final = 16
_LOGGER: Final = logging.getLogger("reasoned.service")


@final
class OptOutList:
    """Holds back what the file or the ledger lists, in every process within a second.

    Nothing runs before `start`. Where the file or the ledger cannot be read, what it listed
    last counts on.

    Parameters
    ----------
    holder
        The model that is exchanged for one that withholds more, or less.
    file
        The file, if there is one.
    ledger
        The ledger, if there is one.

    Attributes
    ----------
    pool
        Where the list is changed: a database may be slow.

    """

    def __init__(self, holder: ModelHolder, file: OptOutFile | None, ledger: Ledger | None) -> None:
        self.holder, self.file, self.ledger = holder, file, ledger
        self.pool = WorkPool(1, _WAITING)
        self._listed = frozenset[str]()
        self._unread = False
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @classmethod
    def open(cls, holder: ModelHolder, settings: Settings, ledger: Ledger | None) -> Self:
        """Read the list, so that the first reply keeps to it.

        Raises
        ------
        SettingsError
            When there is a file that cannot be read.
        LedgerError
            When there is a ledger that cannot be read.

        """
        path = settings.opt_out_file
        found = cls(holder, None if path is None else OptOutFile(path), ledger)
        if ledger is not None:
            try:
                found._listed = listed_examples(ledger)
            except SQLAlchemyError as error:
                raise LedgerError(f"the images to be withheld cannot be read: {error}") from error
        found._warn()
        found._show()
        return found

    @property
    def withheld(self) -> frozenset[str]:
        """The ids of all images on the list.

        Also of such as this model never shows: answers of other models are recorded, too. But
        what no model would call an image may be a word of a sentence.
        """
        return self._listed | frozenset(one for one in self._of_file if self._may_be(one))

    def look(self) -> None:
        """See whether the list has changed, and hold back what it says; never raises for it."""
        with self._lock:
            if self.file is not None and self.file.look():
                self._warn()
            if self.ledger is not None:
                self._read(self.ledger)
            self._show()

    def start(self) -> None:
        """Look twice a second from now on."""
        self._thread = threading.Thread(target=self._follow, name="opt-out", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()
        self.pool.close()

    @property
    def _of_file(self) -> frozenset[str]:
        return frozenset() if self.file is None else self.file.examples

    def _may_be(self, example: str) -> bool:
        return is_usual(example) or self.holder.model.shows(example)

    def _follow(self) -> None:
        while not self._stopping.wait(EVERY):
            try:
                self.look()
            except Exception:
                # The next look may succeed; without a thread nothing would ever be withheld.
                _LOGGER.exception("the images to be withheld could not be followed")

    def _read(self, ledger: Ledger) -> None:
        try:
            self._listed = listed_examples(ledger)
        except SQLAlchemyError as error:
            if not self._unread:
                _LOGGER.error("the images withheld stay as they were: %s", error)  # noqa: TRY400  once per spell, in a line
            self._unread = True
        else:
            self._unread = False

    def _show(self) -> None:
        model, withheld = self.holder.model, self.withheld
        if withheld == model.disclosure.withheld:
            return
        disclosure = dataclasses.replace(model.disclosure, withheld=withheld)
        self.holder.swap(model.disclosing(disclosure))
        _LOGGER.info("%d training images are withheld now", len(withheld))

    def _warn(self) -> None:
        """Name what is in the file and not in the model: it may be misspelt."""
        unknown = sorted(one for one in self._of_file if not self.holder.model.shows(one))
        if unknown:
            _LOGGER.warning(
                "%d ids in REASONED_OPT_OUT_FILE are not of images that this model shows, such "
                "as %r",
                len(unknown),
                unknown[0],
            )
