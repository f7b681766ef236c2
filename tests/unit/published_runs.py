"""Published curves beside the checkout, as curves of the library; for tests and benchmarks."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from losslaws.analyses.collapse.noise_model import NoiseRecord
from losslaws.curves.curve import Curve

DATA = Path(__file__).parents[3] / "shared/data"
WARMUP = 2160
FITTED = ("cosine_24000", "constant_24000", "wsdcon_9")
TESTED = ("constant_72000", "cosine_72000", "wsd_20000_24000", "wsdld_20000_24000", "wsdcon_3", "wsdcon_18")
PUBLISHED = {
    "25M": (3.04045406, 0.52468604, 363.78751622, 0.50786857, 2.06560812, 0.58279013, 0.64142257),
    "100M": (2.6514477, 0.60115152, 437.9464276, 0.45295811, 2.13245612, 0.59785199, 0.65523644),
}
"""L0, A, B, α, C, β, γ of the multi-power law."""

PUBLISHED_SCORES = {
    "25M": (0.9988, 0.00376, 0.00465, 0.00110, 0.00409),
    "100M": (0.9983, 0.00435, 0.00592, 0.00142, 0.00583),
}
"""R², MAE, RMSE, mean and worst relative error, averaged over the test runs."""


def schedule_curves(size):
    """Return the nine curves of one model size by name, without the row at step 24,000 that the program drops."""
    curves = {}
    for name in (*FITTED, *TESTED):
        table = np.genfromtxt(DATA / f"llm_schedules/{size}/{name}.csv", delimiter=",", names=True)
        if "24000" in name:
            table = table[table["step"] < 24000]
        curves[name] = Curve(name, table["step"], table["loss"], {}, {"lr": table["lr"]})
    return curves


def columns(name):
    table = pq.read_table(DATA / f"compute_ladder/{name}.parquet")
    return {column: table[column].to_numpy(zero_copy_only=False) for column in table.column_names}


def ladder_curves():
    """Return the forty runs of the compute ladder."""
    table = columns("c5m")
    curves = []
    for width in np.unique(table["width"]):
        for seed in np.unique(table["seed"]):
            own = (table["width"] == width) & (table["seed"] == seed)
            about = {"width": int(width), "seed": int(seed), "n_params": int(table["n_params"][own][0])}
            t, loss = table["step"][own].astype(float), table["test_loss"][own]
            curves.append(Curve(f"w{width}_s{seed}", t, loss, about))
    return curves


def noise_pairs():
    """Return every run that is no constant-rate reference with the one of its size and horizon."""
    table = columns("c5m_schedules")
    groups = {}
    for run in np.unique(table["run"]):
        own = table["run"] == run
        recorded = NoiseRecord(f"run {run}", *(table[name][own] for name in ("tau", "test_loss", "lr", "noise_trace")))
        key = (table["n_params"][own][0], table["horizon_tokens"][own][0])
        groups.setdefault(key, []).append((table["schedule"][own][0], recorded))
    pairs = []
    for group in groups.values():
        reference = next(run for schedule, run in group if schedule == "const")
        pairs += [(reference, run) for schedule, run in group if schedule != "const"]
    return pairs
