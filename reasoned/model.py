"""The front door: a saved model that predicts, explains and describes itself."""

import dataclasses
from pathlib import Path
from typing import Self, final

import orjson

from explainers.arrays import ByteArray
from explainers.contract import Explainer
from explainers.errors import ArtefactError, NotApplicableError, ShapeError
from explainers.neighbours.served import Representatives, WholeSet
from explainers.registry import METHODS
from explainers.reliability import ReliabilityTable
from explainers.status import StatusRule
from explainers.support.served import Support
from reasoned.errors import FolderError
from reasoned.explaining import Explaining, Parts
from reasoned.folder.checking import check_files, read_manifest
from reasoned.folder.manifest import Manifest
from reasoned.folder.thumbnails import read_thumbnails
from reasoned.images.decode import MOST_PIXELS, decode_image
from reasoned.images.pixels import pixels_image
from reasoned.inference import Network
from reasoned.region_pictures import RegionPictures
from reasoned.rehearsal import check_parts, rehearse
from reasoned.reply.options import DEFAULT, Explain, ReplyOptions
from reasoned.reply.schema import Prediction, Reply

NO_ID = "local"
WHOLE = "neighbours/whole_set.safetensors"


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

    Examples
    --------
    >>> model = ExplainedModel.load("models/digits")  # doctest: +SKIP
    >>> model.explain(Path("three.png").read_bytes()).explanation.sentence  # doctest: +SKIP

    """

    manifest: Manifest
    sha256: str
    tree_svg: bytes | None
    thumbnails: dict[str, bytes] = dataclasses.field(repr=False)
    explaining: Explaining = dataclasses.field(repr=False)
    pictures: RegionPictures = dataclasses.field(repr=False)

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
        if unseen := set(parts.representatives.ids) - set(thumbnails):
            raise FolderError(f"{place} has no thumbnail of {min(unseen)}")
        svg = place / "pictures" / "meta_forest.svg"
        return cls(
            manifest=manifest,
            sha256=sha256,
            tree_svg=svg.read_bytes() if svg.is_file() else None,
            thumbnails=thumbnails,
            explaining=explaining,
            pictures=RegionPictures(
                parts.explainers, explaining.writer.pictures, thumbnails, parts.preprocessing
            ),
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
        return orjson.dumps({"sha256": self.sha256, **found})

    def decode(self, data: bytes, *, most_pixels: int = MOST_PIXELS) -> ByteArray:
        """Decode PNG, JPEG or WEBP bytes; raise an `ImageError` on anything else."""
        return decode_image(data, most_pixels=most_pixels)

    def decode_pixels(self, pixels: object) -> ByteArray:
        """Read nested lists of numbers from 0 to 255; raise `OptionsError` on others."""
        return pixels_image(pixels)

    def reply(
        self,
        image: ByteArray,
        options: ReplyOptions = DEFAULT,
        *,
        request_id: str = NO_ID,
        started: float | None = None,
    ) -> bytes:
        """Answer one image with the JSON of a `Reply`.

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
        return self.explaining.reply(image, options, request_id, started)

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
        """Give the thumbnail of a training image that replies mention, or None."""
        return self.thumbnails.get(example_id)

    def region_png(self, method: str, region: str) -> bytes | None:
        """Give the picture of what a region means, or None where there is none."""
        return self.pictures.png(method, region)

    def _read(self, image: bytes | ByteArray, options: ReplyOptions) -> Reply:
        decoded = self.decode(image) if isinstance(image, bytes) else image
        return Reply.model_validate_json(self.reply(decoded, options))


def read_parts(folder: Path, manifest: Manifest) -> Parts:
    """Read everything that explains from a checked folder."""
    unknown = sorted(set(manifest.methods) - set(METHODS))
    if unknown:
        raise FolderError(f"{folder} packages {unknown}, but this release serves {list(METHODS)}")
    network = Network.load(folder / "network.onnx")
    explainers: dict[str, Explainer] = {
        name: METHODS[name].load(folder / "methods") for name in METHODS if name in manifest.methods
    }
    return Parts(
        network=network,
        preprocessing=manifest.preprocessing,
        classes=manifest.classes,
        explainers=explainers,
        representatives=Representatives.load(folder / "neighbours"),
        support=Support.load(folder / "support"),
        rule=StatusRule.load(folder),
        reliability=ReliabilityTable.load(folder),
        whole=WholeSet.load(folder / "neighbours") if WHOLE in manifest.files else None,
    )
