"""Psi, the head h and the decoder d, as one torch module."""

from typing import final

import torch
from torch import nn
from torch.nn import functional

from explainers.attributes.fitting.architecture import Architecture, Shape, plan_psi
from explainers.attributes.fitting.decoder import decoder
from explainers.attributes.fitting.losses import Interpreted

UPPER_STAGE = 2  # of the first of two convolutions on joined maps


@final
class Psi(nn.Module):
    """From one or two tapped maps to the attributes Phi(x).

    Parameters
    ----------
    shapes
        (channels, rows, columns) of each map.
    made
        Width, pooling, slopes and the number of attributes.

    """

    def __init__(self, shapes: tuple[Shape, ...], made: Architecture) -> None:
        super().__init__()
        plan = plan_psi(shapes, made)
        self.pool, self.side = made.pool, plan.side
        self.inner_slope, self.outer_slope = made.inner_slope, made.outer_slope
        self.convolutions = nn.ModuleList(
            nn.Conv2d(channels, made.width, kernel, stride, padding=kernel // 2)
            for channels, kernel, stride in zip(
                plan.channels, plan.kernels, plan.strides, strict=True
            )
        )
        joined = len(shapes) * made.width
        kernel = min(plan.kernels)
        self.joining = (
            nn.Conv2d(joined, made.width, kernel, padding=kernel // 2)
            if len(shapes) == UPPER_STAGE
            else None
        )
        self.attributes = nn.Linear(plan.features, made.attributes)

    def forward(self, maps: tuple[torch.Tensor, ...]) -> torch.Tensor:
        """Give Phi(x), shape (images, attributes), for maps with a leading axis (images)."""
        found = torch.cat(
            [
                functional.leaky_relu(convolution(self._small(given)), self.inner_slope)
                for convolution, given in zip(self.convolutions, maps, strict=True)
            ],
            dim=1,
        )
        if self.joining is not None:
            found = functional.leaky_relu(self.joining(found), self.inner_slope)
        pooled = functional.adaptive_avg_pool2d(found, self.side)
        return functional.leaky_relu(self.attributes(pooled.flatten(1)), self.outer_slope)

    def _small(self, given: torch.Tensor) -> torch.Tensor:
        spread = given if given.ndim == 4 else given[:, :, None, None]
        if self.pool == 1 or max(spread.shape[2:]) == 1:
            return spread
        return functional.avg_pool2d(spread, self.pool)


@final
class Interpreter(nn.Module):
    """g = h(Phi(x)), and the decoder that keeps Phi(x) near the image.

    Parameters
    ----------
    shapes
        (channels, rows, columns) of each tapped map.
    image
        (channels, rows, columns).
    classes
        C.
    made
        The rest.

    """

    def __init__(
        self, shapes: tuple[Shape, ...], image: Shape, classes: int, made: Architecture
    ) -> None:
        super().__init__()
        self.psi = Psi(shapes, made)
        self.head = nn.Linear(made.attributes, classes)
        self.decoder = decoder(image, made)
        self.dropout = nn.Dropout(made.head_dropout)
        self.positive_head = made.positive_head

    @property
    def class_weights(self) -> torch.Tensor:
        """W transposed, shape (classes, attributes)."""
        return functional.softplus(self.head.weight) if self.positive_head else self.head.weight

    def forward(self, maps: tuple[torch.Tensor, ...]) -> Interpreted:
        """Interpret a batch.

        Parameters
        ----------
        maps
            f_I(x): one or two maps with a leading axis (images).

        """
        phi = self.psi(maps)
        logits = functional.linear(self.dropout(phi), self.class_weights, self.head.bias)
        return Interpreted(phi, logits, self.decoder(phi))
