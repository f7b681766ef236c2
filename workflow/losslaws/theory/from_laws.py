"""Curves simulated from known laws with AR(1) noise, to see how often a judgement is right."""

import zlib
from collections.abc import Mapping, Sequence

import numpy as np

from losslaws.config.sources import Simulation
from losslaws.core.arrays import Array
from losslaws.curves.curve import Curve, Scalar
from losslaws.laws.law import Law

FALL = (0.1, 0.7)
"""The half-way point of a simulated curve's fall lies in this part of the grid, in the logarithm of t."""


def simulate(law: Law, length: int, settings: Simulation) -> list[Curve]:
    """Simulate curves of one law at every correlation and signal-to-noise ratio; see :func:`simulate_group`."""
    stream = [settings.seed, zlib.crc32(law.name.encode()), length]
    return [
        curve
        for place, correlation in enumerate(settings.rho)
        for other, ratio in enumerate(settings.signal_to_noise)
        for curve in simulate_group(law, length, correlation, ratio, settings.curves, [*stream, place, other])
    ]


def simulate_group(
    law: Law, length: int, rho: float, signal_to_noise: float, curves: int, seed: Sequence[int]
) -> list[Curve]:
    """Simulate curves of one law.

    The shapes are drawn so that the law bends within the data (see :func:`draw_shapes`), the first point is 1.1 and L∞
    is 0.1; the noise is stationary Gaussian AR(1) with standard deviation (L(1) − L(n))/signal_to_noise.

    Parameters
    ----------
    law : Law
        The truth.
    length : int
        Points, at t = 11, 12, …, where every law is defined.
    rho : float
        Lag-one correlation of the noise.
    signal_to_noise : float
        Fall of the noise-free curve over the noise's standard deviation.
    curves : int
        How many.
    seed : sequence of int
        Seeds the stream.
    """
    stream = np.random.default_rng(seed)
    t = np.arange(11.0, 11.0 + length)
    result = []
    about: dict[str, Scalar] = {"task": law.name, "noise_rho": rho, "signal_to_noise": signal_to_noise}
    for number in range(curves):
        truth = curve_of(law, t, draw_shapes(law, t, stream))
        noise = ar1_noise(rho, length, stream) * np.ptp(truth) / signal_to_noise
        name = f"{law.name}_n{length}_rho{rho:g}_snr{signal_to_noise:g}_{number}"
        result.append(Curve(name, t, truth + noise, {**about, "seed": number}))
    return result


def draw_shapes(law: Law, t: Array, stream: np.random.Generator) -> dict[str, float]:
    """Draw shapes of a law: exponents from a range seen in training, time scales from the middle of the data."""
    low, high = np.log(t[0]) + np.array(FALL) * (np.log(t[-1]) - np.log(t[0]))
    scale = float(np.exp(stream.uniform(low, high)))
    exponent = float(stream.uniform(0.5, 2.0))
    choices: Mapping[str, dict[str, float]] = {
        "power_law": {"beta": exponent},
        "exponential": {"lambda": 1.0 / scale},
        "stretched_exp": {"tau": scale, "gamma": float(stream.choice([0.5, 0.6, 1.8, 2.5]))},
        "log_power": {"beta": 2.0 * exponent},
        "shifted_power_law": {"t0": scale, "beta": exponent},
        "hill": {"kappa": scale, "delta": 1.0 + exponent},
    }
    return choices[law.name]


def curve_of(law: Law, t: Array, shapes: Mapping[str, float]) -> Array:
    """Return the law that falls from 1.1 at the first point towards L∞ = 0.1."""
    unit = law(t, {"a": 1.0, "L_inf": 0.0, **shapes})
    return np.asarray(0.1 + unit / unit[0])


def ar1_noise(rho: float, length: int, stream: np.random.Generator) -> Array:
    """Return a stationary AR(1) series with unit variance."""
    innovations = stream.standard_normal(length) * np.sqrt(1.0 - rho**2)
    innovations[0] = innovations[0] / np.sqrt(1.0 - rho**2)
    series = np.empty(length)
    level = 0.0
    for index, value in enumerate(innovations):
        level = rho * level + value
        series[index] = level
    return series
