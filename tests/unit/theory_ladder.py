"""Curves that explain collapse, for its tests: L = 3 + t^(−μ) + p^(−ν)."""

import numpy as np

from losslaws.analyses.collapse.normalised import POINTS
from losslaws.curves.curve import Curve

MU, NU = 0.5, 0.35
SIZES = [10**4, 3 * 10**4, 10**5, 3 * 10**5, 10**6]


def theory(factor=1.0, seeds=1, noise=0.0):
    """Curves L = 3 + t^(−μ) + p^(−ν), each to the horizon t* ∝ p^(factor·ν/μ), optimal for compute at factor 1."""
    random = np.random.default_rng(1)
    curves = []
    for size in SIZES:
        # d/dt of t^(−μ) + (C/t)^(−ν) vanishes where μ t^(−μ) = ν p^(−ν).
        optimum = (NU / MU) ** (-1 / MU) * SIZES[0] ** (NU / MU)
        t = np.arange(1, POINTS + 1) / POINTS * optimum * (size / SIZES[0]) ** (NU / MU * factor)
        for seed in range(seeds):
            # Noise that a falling learning rate makes vanish at the end.
            shared = noise * random.standard_normal(t.size) * np.linspace(1, 0.05, t.size)
            loss = 3 + (t**-MU + size**-NU) * (1 + shared)
            curves.append(Curve(f"p{size}_s{seed}", t, loss, {"n_params": size, "seed": seed}))
    return curves
