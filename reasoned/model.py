"""The front door: a saved model that predicts, explains and describes itself."""

import dataclasses
from pathlib import Path
from typing import Self, final

import orjson

from explainers.arrays import ByteArray
from explainers.errors import ArtefactError, NotApplicableError, ShapeError
from reasoned.disclosing import Disclosed, disclose
from reasoned.drift.reference import Reference
from reasoned.errors import FolderError
from reasoned.explaining import Explaining
from reasoned.folder.checking import check_files, read_manifest
from reasoned.folder.manifest import Manifest
from reasoned.folder.thumbnails import read_thumbnails
from reasoned.images.decode import MOST_PIXELS, decode_image
from reasoned.images.pixels import pixels_image
from reasoned.region_pictures import RegionPictures
from reasoned.rehearsal import check_parts, rehearse
from reasoned.reply.disclosure import FULL, Disclosure
from reasoned.reply.mentions import NOTHING, Mentions
from reasoned.reply.options import DEFAULT, Explain, ReplyOptions
from reasoned.reply.outcome import Answered
from reasoned.reply.schema import Prediction, Reply
from reasoned.stored_parts import read_parts

NO_ID = "local"


@final
@dataclasses.dataclass(frozen=True, eq=False)
class ExplainedModel:
    """A classifier that gives its reasons, loaded from a folder and never changed.

    Safe to call from many threads at once. Make one with `ExplainedModel.load`.

    Attributes
    ----------
    manifest
        Everything that is said of the model.
    sha256
        The digest of the manifest, which replies carry.
    tree
        The picture of the whole tree, as it is stored.
    thumbnails
        A PNG of at most 96 pixels per training image that replies can mention.
    explaining, pictures
        What answers where everything is disclosed.
    reference
        What the drift detectors compare with; None where the folder has none.
    disclosed
        What answers where not everything of the training images is disclosed.

    Examples
    --------
    >>> model = ExplainedModel.load("models/digits")  # doctest: +SKIP
    >>> model.explain(Path("three.png").read_bytes()).explanation.sentence  # doctest: +SKIP

    """

    manifest: Manifest
    sha256: str
    tree: bytes | None = dataclasses.field(repr=False)
    thumbnails: dict[str, bytes] = dataclasses.field(repr=False)
    explaining: Explaining = dataclasses.field(repr=False)
    pictures: RegionPictures = dataclasses.field(repr=False)
    reference: Reference | None = None
    disclosed: Disclosed | None = dataclasses.field(default=None, repr=False)

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """Load a model folder after checking every byte of it.

        Raises
        ------
        FolderError
            Naming the file that is missing, extra, changed, or of a future schema.

        """
        place = Path(folder)
        manifest, sha256 = read_manifest(place)
        check_files(place, manifest)
        try:
            parts = read_parts(place, manifest)
            check_parts(parts)
            rehearse(parts)
            explaining = Explaining.of(parts, manifest.name, manifest.version, sha256)
        except (ArtefactError, NotApplicableError, ShapeError) as error:
            raise FolderError(f"{place}: {error}") from error
        thumbnails = read_thumbnails(place)
        searched = set(parts.representatives.ids).union(parts.whole.ids if parts.whole else ())
        if unseen := searched - set(thumbnails):
            raise FolderError(f"{place} has no thumbnail of {min(unseen)}")
        svg = place / "pictures" / "meta_forest.svg"
        return cls(
            manifest=manifest,
            sha256=sha256,
            tree=svg.read_bytes() if svg.is_file() else None,
            thumbnails=thumbnails,
            explaining=explaining,
            pictures=RegionPictures(
                parts.explainers, explaining.writer.pictures, thumbnails, parts.preprocessing
            ),
            reference=Reference.read(place, sha256, manifest.classes),
        )

    @property
    def name(self) -> str:
        """The model's name."""
        return self.manifest.name

    @property
    def version(self) -> str:
        """The model's version."""
        return self.manifest.version

    @property
    def classes(self) -> tuple[str, ...]:
        """The class names, in the order of the logits."""
        return self.manifest.classes

    @property
    def methods(self) -> tuple[str, ...]:
        """The packaged methods."""
        return tuple(self.manifest.methods)

    @property
    def request_ms(self) -> float:
        """How long one default reply took when the model was fitted, in milliseconds."""
        return self.manifest.request_ms

    @property
    def card(self) -> bytes:
        """What the model is, as JSON: the manifest without its list of files."""
        found = self.manifest.model_dump(mode="json", exclude={"files"})
        card = orjson.dumps({"sha256": self.sha256, **found})
        return card if self.disclosed is None else self.disclosed.hidden.without_bytes(card)

    @property
    def tree_svg(self) -> bytes | None:
        """The whole tree as a picture, where there is one."""
        if self.tree is None or self.disclosed is None:
            return self.tree
        return self.disclosed.hidden.strike(self.tree.decode()).encode()

    @property
    def answering(self) -> Explaining:
        """What writes the replies, under the disclosure."""
        return self.explaining if self.disclosed is None else self.disclosed.explaining

    @property
    def disclosure(self) -> Disclosure:
        """How training images are shown."""
        return self.answering.disclosed

    @property
    def hidden(self) -> Mentions:
        """The ids that appear in nothing that it says, under the disclosure."""
        return NOTHING if self.disclosed is None else self.disclosed.hidden

    def disclosing(self, disclosure: Disclosure) -> Self:
        """Give the same model, answering under a disclosure; cheap, and shares what is large.

        A model as it is loaded discloses everything: `Disclosure()`.
        """
        if disclosure == FULL:
            return dataclasses.replace(self, disclosed=None)
        found = disclose(disclosure, self.explaining, self.pictures, self.thumbnails)
        return dataclasses.replace(self, disclosed=found)

    def shows(self, example_id: str) -> bool:
        """Tell whether this model can show a training image of that id, to anybody."""
        return example_id in self.thumbnails

    def decode(self, data: bytes, *, most_pixels: int = MOST_PIXELS) -> ByteArray:
        """Decode PNG, JPEG or WEBP bytes; raise an `ImageError` on anything else."""
        return decode_image(data, most_pixels=most_pixels)

    def decode_pixels(self, pixels: object) -> ByteArray:
        """Read nested lists of numbers from 0 to 255; raise `OptionsError` on others."""
        return pixels_image(pixels)

    def answer(
        self,
        image: ByteArray,
        options: ReplyOptions = DEFAULT,
        *,
        request_id: str = NO_ID,
        started: float | None = None,
    ) -> Answered:
        """Answer one image with the JSON of a `Reply`, and say what is to be recorded of it.

        Parameters
        ----------
        image
            Shape (rows, columns, channels), as `decode` gives it.
        options
            How much is wanted, and by when.
        request_id
            What the reply calls itself.
        started
            `time.perf_counter()` at the request's arrival, for the deadline.

        Raises
        ------
        OptionsError
            When a method is asked for that is not packaged.

        """
        return self.answering.answer(image, options, request_id, started)

    def reply(
        self,
        image: ByteArray,
        options: ReplyOptions = DEFAULT,
        *,
        request_id: str = NO_ID,
        started: float | None = None,
    ) -> bytes:
        """Answer one image with the JSON of a `Reply`; as `answer`, without the rest."""
        return self.answer(image, options, request_id=request_id, started=started).body

    def predict(self, image: bytes | ByteArray) -> Prediction:
        """Give the class alone."""
        return self._read(image, ReplyOptions(explain="none")).prediction

    def explain(
        self,
        image: bytes | ByteArray,
        *,
        explain: Explain = "trace",
        methods: tuple[str, ...] | None = None,
        neighbours: int = 5,
    ) -> Reply:
        """Give class, reasons and nearest examples; see `ReplyOptions`."""
        return self._read(image, ReplyOptions(explain, methods, neighbours))

    def example_png(self, example_id: str) -> bytes | None:
        """Give the picture of a training image that replies mention, or None."""
        if self.disclosed is None:
            return self.thumbnails.get(example_id)
        return self.disclosed.examples.png(example_id)

    def region_png(self, method: str, region: str) -> bytes | None:
        """Give the picture of what a region means, or None where there is none."""
        pictures = self.pictures if self.disclosed is None else self.disclosed.pictures
        return pictures.png(method, region)

    def seen(self, image: ByteArray) -> ByteArray:
        """Give an image as the network sees it, in its size and channels, still as bytes."""
        return self.manifest.preprocessing.resized(image)

    def _read(self, image: bytes | ByteArray, options: ReplyOptions) -> Reply:
        decoded = self.decode(image) if isinstance(image, bytes) else image
        return Reply.model_validate_json(self.reply(decoded, options))
