"""Where a model comes from: data, network, versions, digests, and the command that made it."""

from reasoned.card.markdown import code, plain, table
from reasoned.card.subject import Subject
from reasoned.folder.manifest import DataRecord, NetworkRecord

_SEEN = {
    "held_out": "The network was not trained on the calibration images.",
    "may_have_been_seen": (
        "The network may have been trained on the calibration images, so that the counts in "
        "replies may be better than on new images."
    ),
}


def data_and_network(subject: Subject) -> str:
    """Write of the training data, its splits, and the network."""
    data, network = subject.manifest.data, subject.manifest.network
    return "\n\n".join(
        (
            "## Training data",
            f"Data set: {plain(data.spec)} (SHA-256 of its images and labels: {data.sha256}).",
            table(("split", "images", "used for"), _splits(data)),
            f"Calibration images: {plain(data.calibration_source)}. {_SEEN[data.calibration_seen]}",
            "## The network",
            _network(network),
        )
    )


def _splits(data: DataRecord) -> list[tuple[str, str, str]]:
    return [
        ("train", f"{data.train:,}", "every fit"),
        ("validation", f"{data.validation:,}", "every choice: sizes, limits, the status rule"),
        ("calibration", f"{data.calibration:,}", "the counts of the reliability statement only"),
        ("test", f"{data.test:,}", "the reported figures, read once"),
    ]


def _network(network: NetworkRecord) -> str:
    trained = (
        "trained with this model" if network.trained_here else "brought along, already trained"
    )
    shape = " x ".join(str(size) for size in network.shape)
    gap = network.export_max_logit_difference
    compared = (
        ""
        if gap is None
        else f" Exported to ONNX, its logits differ by at most {gap:.2g} on "
        f"{network.export_images:,} images."
    )
    return (
        f"Source: {plain(network.source)}, {trained}. It reads {shape} numbers (channels, rows, "
        f"columns); the explained layer is {plain(network.layer)}, {network.units:,} units."
        f"{compared}"
    )


def reproduction(subject: Subject) -> str:
    """Write versions, digests and the command that made the model."""
    manifest = subject.manifest
    size = sum(record.size for record in manifest.files.values())
    digests = [("manifest.json (in every reply)", subject.sha256)]
    if (network := manifest.files.get("network.onnx")) is not None:
        digests.append(("network.onnx", network.sha256))
    digests.append((f"data set {manifest.data.spec}", manifest.data.sha256))
    return "\n\n".join(
        (
            "## Versions and digests",
            table(("library", "version"), sorted(manifest.libraries.items())),
            table(("what", "SHA-256"), digests),
            (
                f"The folder holds {len(manifest.files):,} files beside its manifest, {size:,} "
                "bytes; the manifest has the digest of each, and loading compares them all."
            ),
            "## How it was made",
            code(manifest.command),
            (
                f"Seed {manifest.seed}. The same command on the same machine, libraries and data "
                "makes the same model; other versions or processors may round otherwise."
            ),
        )
    )
