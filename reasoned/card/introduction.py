"""What a model is, what it is for, and how it is used."""

from reasoned.card.markdown import bullets, plain
from reasoned.card.subject import Subject

_MOST_CLASSES = 100
_USE = """```
pip install .                  # in a checkout of reasoned
reasoned verify MODEL          # every byte, and 32 replies, as they were written
reasoned explain MODEL image.png
reasoned serve MODEL           # then: curl -F image=@image.png http://127.0.0.1:3000/v1/predict
```

```python
from pathlib import Path

from reasoned import ExplainedModel

reply = ExplainedModel.load(Path("MODEL")).explain(Path("image.png").read_bytes())
print(reply.prediction.label, reply.explanation.status, reply.explanation.sentence)
```

Read the `status` first. `supported` says that on images like this one the explanation usually
names the network's class; `weak` that it is a hint; `out_of_support` that the image is unlike
those that the model was fitted on, so that neither class nor explanation should be trusted.
None of them says that the class is right. `agrees` says whether the first evidence names the
network's class for this very image."""
_INTENDED = (
    (
        "Classifying images of the kind that it was fitted on, where a person wants to see why, "
        "and how far that can be relied on."
    ),
    (
        "Finding images that need a second look: those that are not `supported`, and those where "
        "evidence and network disagree."
    ),
    (
        "Auditing the network: which groups of training images, boundaries or parts of the image "
        "its answers go with."
    ),
)
_OUT_OF_SCOPE = (
    "Decisions about people, health, safety or rights that nobody checks.",
    (
        "Images of another kind, size or source than the training images. They are often, not "
        "always, marked `out_of_support`."
    ),
    (
        "Proof that the network is right. An explanation that agrees with the network is wrong "
        "wherever the network is."
    ),
    "Inputs chosen by an adversary.",
)


def introduction(subject: Subject) -> str:
    """Write title, description, use, and what the model is not for."""
    manifest = subject.manifest
    classes = [plain(label) for label in manifest.classes[:_MOST_CLASSES]]
    more = len(manifest.classes) - len(classes)
    rest = f", and {more} more" if more else ""
    shape = manifest.preprocessing
    channels = "grey" if shape.channels == 1 else "colour"
    return "\n\n".join(
        (
            f"# {plain(manifest.name)} {plain(manifest.version)}",
            (
                "An image classifier that gives its reasons: a trained convolutional network, "
                "packaged with explainers that were fitted once, so that every reply carries the "
                "class, evidence for it, and how often such evidence named the network's class "
                "on images that no fit had seen."
            ),
            (
                f"It tells {len(manifest.classes)} classes apart: {', '.join(classes)}{rest}. "
                f"Images become {channels}, {shape.height} x {shape.width}, before the network "
                "reads them."
            ),
            f"Licence: {plain(subject.licence)}.",
            "## Intended use",
            bullets(_INTENDED),
            "## Out of scope",
            bullets(_OUT_OF_SCOPE),
            "## How to use it",
            _USE,
        )
    )
