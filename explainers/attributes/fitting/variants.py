"""Where the paper prints one thing and its code does another: named choices."""

import dataclasses
from typing import Final, final


@final
@dataclasses.dataclass(frozen=True)
class Variant:
    """How the losses are read.

    Attributes
    ----------
    f_is_target
        Whether L_of is ``-f^T log g`` (released) or ``-g^T log f`` (printed). In neither
        does a gradient go into f's logits.
    means
        Whether terms are means over images, pixels and attributes (released), or sums over
        them (printed), for which the published weights have another meaning.
    absolute_error
        Whether L_if takes absolute values, as the release does for CIFAR-10.

    """

    f_is_target: bool = True
    means: bool = True
    absolute_error: bool = False


RELEASED: Final = Variant()
PRINTED: Final = Variant(f_is_target=False, means=False)
VARIANTS: Final = {"released": RELEASED, "printed": PRINTED}
