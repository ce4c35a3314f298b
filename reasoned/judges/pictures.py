"""What every explanation that is a picture of the image promises its judges."""

from abc import ABC, abstractmethod
from typing import ClassVar, Literal

import numpy as np

from explainers.arrays import AnyArray, DoubleArray, FloatArray, IntArray
from reasoned.evaluation.masking import upsampled
from reasoned.judges.network import JudgedNetwork

Kind = Literal["ours", "peer", "control"]


class PictureMethod(ABC):
    """A way to say of each pixel how far it speaks for a class.

    A concrete class is final. What it learned when the model was fitted stays; what it reads
    from the network is read anew from the network that it is given, so that it can be asked
    about a network with other parameters.

    Attributes
    ----------
    name
        As it stands in tables.
    kind
        Whose it is.
    signed
        Whether pixels can speak against the class.
    of_any_class
        Whether it can be asked about a class that the network does not give.
    stays
        What does not change with the network's parameters, in words; empty where nothing
        but the method's own settings stays.
    slow
        Whether the network is asked hundreds of times, or boundaries are searched, for one
        picture.

    """

    name: ClassVar[str]
    kind: ClassVar[Kind]
    signed: ClassVar[bool]
    of_any_class: ClassVar[bool] = True
    stays: ClassVar[str] = ""
    slow: ClassVar[bool] = False

    @abstractmethod
    def attribute(
        self, network: JudgedNetwork, pixels: FloatArray, classes: IntArray
    ) -> DoubleArray:
        """Give a number per pixel, the larger the more it speaks for the class.

        Parameters
        ----------
        network
            The network that is explained.
        pixels
            Shape (images, channels, rows, columns). Its input.
        classes
            Shape (images). The class that each image is explained for.

        Returns
        -------
        DoubleArray
            Shape (images, rows, columns).

        """


def enlarged(heats: AnyArray, pixels: FloatArray) -> DoubleArray:
    """Bring maps (images, rows, columns) to the size of the images, bilinearly."""
    return upsampled(heats.astype(np.float64), (pixels.shape[2], pixels.shape[3]))


def scaled(pictures: DoubleArray) -> DoubleArray:
    """Divide each picture by its largest absolute number; a flat picture of 0 stays.

    Parameters
    ----------
    pictures
        Shape (images, rows, columns).

    """
    most = np.abs(pictures).max(axis=(1, 2), keepdims=True)
    found: DoubleArray = np.divide(pictures, most, out=np.zeros_like(pictures), where=most > 0)
    return found
