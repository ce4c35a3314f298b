"""One method's answer about one image."""

import dataclasses
from typing import Literal, final

Form = Literal["path", "region", "parts", "regression"]
Citation = tuple[str, str]  # kind and key, such as ("leaf", "leaf-12")
EXAMPLE = "example"  # the kind of a training image


@final
@dataclasses.dataclass(frozen=True, slots=True)
class Evidence:
    """What one method found.

    Attributes
    ----------
    method
        The method's registered name.
    form
        How `body` is to be read; the reply's schema has one model per form.
    region
        The region of the model that the image falls in, for which agreement was
        counted on calibration data; None where a method has no regions.
    names
        The index of the class that the evidence speaks for, or None. It is the
        evidence's own answer, found without looking at the network's.
    strength
        In [0, 1]: how firmly the method itself stands behind `names`, by a rule that
        never looks at the network's answer; None where a method has no such measure.
    sentence
        The evidence in words, for a person.
    body
        A JSON object, UTF-8, ready to be put into the reply.
    cited
        What the answer went through, each as a kind and a key: leaf, polytope, attribute,
        component, example. Decisions are found again by them, and their shares are watched.

    """

    method: str
    form: Form
    region: str | None
    names: int | None
    strength: float | None
    sentence: str
    body: bytes
    cited: tuple[Citation, ...] = ()
