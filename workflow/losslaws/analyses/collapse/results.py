"""What the analysis finds: records of ``collapse.json``, which the report and the figure are made of."""

from dataclasses import dataclass

Floats = tuple[float, ...]


@dataclass(frozen=True)
class ComputeLaw:
    """L = L0 + a·(C/scale)^(−b), fitted to final losses.

    Attributes
    ----------
    irreducible, amplitude, exponent : float
        L0, a and b.
    scale : float
        The geometric mean of the compute fitted.
    """

    irreducible: float
    amplitude: float
    exponent: float
    scale: float


@dataclass(frozen=True)
class HorizonLaw:
    """t*(p) = (p/scale)^γ.

    Attributes
    ----------
    exponent : float
        γ; 0 for equal horizons.
    scale : float or None
        p0; None for equal horizons.
    error : float or None
        Standard error of γ; None for two sizes.
    """

    exponent: float
    scale: float | None
    error: float | None


@dataclass(frozen=True)
class FrontierPoint:
    """Where one size is the best choice for its compute.

    Attributes
    ----------
    label : str
        The width where it is known, else the size.
    size : int
        The number of parameters p.
    t : float
        The geometric middle of the range.
    low, high : float
        The range in t over which no other size reaches a lower loss at equal compute; of several the longest in ln t.
    """

    label: str
    size: int
    t: float
    low: float
    high: float


@dataclass(frozen=True)
class Frontier:
    """Where each size is the best choice for its compute, and the law of horizons through these points.

    Attributes
    ----------
    points : tuple of FrontierPoint
        By size.
    exponent, scale : float
        γ and p0 of t* = (p/p0)^γ.
    error : float or None
        The standard deviation of γ over draws of as many seeds of each size, with replacement; None where most draws
        have no frontier.
    """

    points: tuple[FrontierPoint, ...]
    exponent: float
    scale: float | None
    error: float | None


@dataclass(frozen=True)
class Supercollapse:
    """Where curves of different sizes are closer together than seeds of one size.

    Attributes
    ----------
    share : float
        The share of x with Δ(x) below σ(x, p) averaged over p, x = 1 left out, where Δ is 0 by construction.
    start : float or None
        From this x on it holds up to 1; None if it does not hold just before 1.
    """

    share: float
    start: float | None


@dataclass(frozen=True)
class Trend:
    """How deviations depend on size: mean deviation = level + slope · log2 p.

    Attributes
    ----------
    slope : float
        Change of the mean deviation per doubling of the number of parameters. Above 0, large sizes fall more towards
        their end than small ones, as where their horizons are too short; below 0, less.
    error : float
        Its standard error, from the scatter of sizes about the line: noise of seeds, and departures from the line.
    p_value : float
        Of the two-sided t-test of no slope, with two degrees of freedom fewer than there are sizes.
    """

    slope: float
    error: float
    p_value: float


@dataclass(frozen=True)
class Deviation:
    """How far one size, or one run, is from the others.

    Attributes
    ----------
    name : str
        The width, or the curve.
    mean, rms : float
        Mean and root mean square, over the last four fifths of x, of ℓ/(mean ℓ of the others) − 1.
    outlier : bool
        Whether rms is far above that of the others, and above the noise between seeds.
    """

    name: str
    mean: float
    rms: float
    outlier: bool


@dataclass(frozen=True)
class DrawnRung:
    """One size as the figure shows it.

    Attributes
    ----------
    label, n_params, seeds, horizon
        The width or size, the number of parameters, how many seeds there are, and the last t.
    compute, loss : tuple of float
        Compute p·t and the mean loss of the seeds.
    normalised, floor, deviation : tuple of float
        At the x of :class:`Comparison`: the mean normalised curve, the noise between seeds, the relative deviation
        from the other sizes.
    """

    label: str
    n_params: int
    seeds: int
    horizon: float
    compute: Floats
    loss: Floats
    normalised: Floats
    floor: Floats
    deviation: Floats


@dataclass(frozen=True)
class Comparison:
    """What the curves of a ladder say about collapse.

    Attributes
    ----------
    irreducible : float
        L0.
    compute_law : ComputeLaw or None
        What L0 was fitted with; None where it was given.
    horizons : HorizonLaw
        How horizons grow with size.
    frontier : Frontier or None
        Compute-optimal horizons, where they were asked for and found.
    no_frontier : str or None
        Why they were not found.
    at : float
        The x at which Δ and σ are reported, as published.
    spread_at, floor_at : float
        Δ and the mean σ there.
    supercollapse : Supercollapse
        Where Δ is below σ.
    trend : Trend or None
        How deviations depend on size; None for two sizes.
    widths, runs : tuple of Deviation
        Each size, and each run, against the others.
    x, spread, floor : tuple of float
        Some x in (0, 1], with Δ and the mean σ.
    rungs : tuple of DrawnRung
        The sizes, smallest first.
    """

    irreducible: float
    compute_law: ComputeLaw | None
    horizons: HorizonLaw
    frontier: Frontier | None
    no_frontier: str | None
    at: float
    spread_at: float
    floor_at: float
    supercollapse: Supercollapse
    trend: Trend | None
    widths: tuple[Deviation, ...]
    runs: tuple[Deviation, ...]
    x: Floats
    spread: Floats
    floor: Floats
    rungs: tuple[DrawnRung, ...]


@dataclass(frozen=True)
class PredictedRun:
    """One run predicted by the noise model.

    Attributes
    ----------
    name, reference : str
        The run, and the run at a constant rate that it is predicted from.
    alpha : float
        α of this run alone.
    rms_difference, rms_error : float
        Root mean squares of the difference to the reference, and to the prediction with the common α.
    tau, loss, predicted, at_constant_rate : tuple of float
        Some records: gradient-flow time, and the losses measured, predicted, and of the reference.
    """

    name: str
    reference: str
    alpha: float
    rms_difference: float
    rms_error: float
    tau: Floats
    loss: Floats
    predicted: Floats
    at_constant_rate: Floats


@dataclass(frozen=True)
class NoiseFindings:
    """The noise model of a ladder, and how it predicts each run.

    Attributes
    ----------
    alpha : float
        The common α.
    error : float or None
        Its standard error; None for one run.
    theory : float
        α to leading order.
    explained : float
        The share of the difference to the references that the model explains.
    runs : tuple of PredictedRun
        The runs with a reference.
    left_out : tuple of str
        The runs without one.
    """

    alpha: float
    error: float | None
    theory: float
    explained: float
    runs: tuple[PredictedRun, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class LadderFindings:
    """All that is said of the curves of one task, or of one import.

    Attributes
    ----------
    ladder : str
        The task.
    left_out : int
        Curves of the other split.
    comparison : Comparison or None
        Of all sizes.
    no_comparison : str or None
        Why sizes are not compared.
    noise_model : NoiseFindings or None
        Where curves have a noise trace.
    no_noise_model : str or None
        Why there is none all the same.
    """

    ladder: str
    left_out: int
    comparison: Comparison | None
    no_comparison: str | None
    noise_model: NoiseFindings | None
    no_noise_model: str | None
