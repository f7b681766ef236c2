"""Random curves of many kinds: what training may leave behind, and what it should not."""

import numpy as np
from builders import BASES

from losslaws.theory.from_laws import ar1_noise


def random_curve(seed, points=None):
    """Return t and a loss: any grid, any shape, any noise, any scale, from 5 to 200 points or as many as `points`."""
    stream = np.random.default_rng(seed)
    t = random_grid(stream, points)
    trend = random_trend(stream, t)
    spread = np.std(trend) or 1.0
    noise = spread * stream.choice([0.0, 0.0, 1e-8, 1e-4, 1e-2, 0.1, 0.5])
    rho = stream.choice([0.0, 0.9, 0.999])
    loss = trend + noise * ar1_noise(rho, t.size, stream)
    offset = stream.choice([0.0] * 9 + [1e4])
    return t, (loss + offset * spread) * stream.choice([1.0, 1.0, 1e-12, 1e-6, 1e6, 1e12])


def random_grid(stream, points):
    """Return t above 1: epochs, epochs after a skip, steps, a geometric grid, or any times."""
    n = int(stream.choice([5, 6, 7, 8, 10, 12, 15, 20, 30, 60, 200])) if points is None else points
    match stream.integers(6):
        case 0:
            return np.arange(2.0, n + 2.0)
        case 1:
            return np.arange(11.0, n + 11.0)
        case 2:
            return 128.0 * np.arange(1.0, n + 1.0)
        case 3:
            return np.geomspace(1.5, 10.0 ** stream.uniform(1.0, 6.0), n)
        case 4:
            return 1.001 + np.cumsum(1e-3 + stream.exponential(1.0, n))
    return np.unique(stream.uniform(1.01, 10.0 ** stream.uniform(0.5, 5.0), n))


def random_trend(stream, t):
    """Return a curve of a law, a line, a step, a law with a step, a rising curve, a random walk, or noise."""
    passed = t / t[-1]
    match stream.integers(10):
        case 0:
            return stream.uniform(0.1, 5.0) * BASES["power_law"](t, 10.0 ** stream.uniform(-3.0, 1.0))
        case 1:
            return BASES["exponential"](passed, 10.0 ** stream.uniform(-3.0, 1.5)) + stream.normal()
        case 2 | 3:
            scale, gamma = 10.0 ** stream.uniform(-2.0, 1.0), 10.0 ** stream.uniform(-2.0, 0.7)
            return BASES["stretched_exp"](passed, scale, gamma) + stream.normal()
        case 4:
            log_power = BASES["log_power"](t, 10.0 ** stream.uniform(-2.0, 1.3))
            return log_power / log_power.max()
        case 5:
            return -stream.uniform(0.1, 2.0) * passed
        case 6:
            return (passed < stream.uniform(passed[0], 1.0)).astype(np.float64)
        case 7:
            return np.where(passed < stream.uniform(), 2.0 - passed, 0.5 * np.exp(-3.0 * passed))
        case 8:
            return stream.choice([-1.0, 1.0]) * passed ** stream.uniform(0.2, 3.0)
    noise = stream.normal(size=t.size)
    return np.cumsum(noise) if stream.uniform() < 0.5 else noise
