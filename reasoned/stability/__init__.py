"""How far explanations stay the same under small noise, and under another seed of the fit."""

from reasoned.stability.figures import NoiseFigures, NoiseSettings
from reasoned.stability.noise import noise_stability
from reasoned.stability.plots import noise_plot, seed_plot

__all__ = ["NoiseFigures", "NoiseSettings", "noise_plot", "noise_stability", "seed_plot"]
