"""What a fitting study must report, each item answered from the configuration or marked as open.

The items follow "(Mis)Fitting: A Survey of Scaling Laws" (2502.18969).
"""

from collections.abc import Sequence
from pathlib import Path

from losslaws.analyses.section import ChecklistItem as Item
from losslaws.analyses.universality.reading import read_summary
from losslaws.config.experiment import Experiment
from losslaws.config.sources import Imports, Simulation
from losslaws.config.training import Training
from losslaws.core.registry import LAWS
from losslaws.laws.law import Law
from losslaws.report.sources import curves_from


def checklist(folder: Path, experiment: Experiment) -> list[Item]:
    """Return the items in the survey's order."""
    laws = [LAWS.load(name) for name in experiment.fitting.laws]
    curves = read_summary(folder).metadata.n_curves
    return [*_hypothesis(laws), *_set_up(experiment, curves), *_data(experiment), *_fitting(experiment)]


def _hypothesis(laws: Sequence[Law]) -> list[Item]:
    topic = "Hypothesis"
    forms = "; ".join(f"{law.name}: {law.formula}" for law in laws)
    return [
        Item(topic, "Which forms are fitted?", forms),
        Item(topic, "What are their variables?", "t, the progress of training; the loss is the response"),
        Item(
            topic, "Which parameters are free?", "; ".join(f"{law.name}: {', '.join(law.parameters)}" for law in laws)
        ),
        Item(topic, "Where do the forms come from?", "; ".join(f"{law.name}: {law.source}" for law in laws)),
        Item(
            topic,
            "What is assumed?",
            "one law holds for the whole of a curve after the points left out; errors of equal variance, independent "
            "in the published analysis, AR(1) in the evidence",
        ),
    ]


def _set_up(experiment: Experiment, curves: int) -> list[Item]:
    topic = "Training set-up"
    grid = experiment.grid
    return [
        Item(topic, "How many models, sizes, data and repeats?", f"{curves} curves. {curves_from(experiment)}"),
        Item(
            topic,
            "How are size and compute counted?",
            "size: trainable parameters, embedding included; compute is not counted" if grid else None,
        ),
        Item(
            topic,
            "How were hyperparameters chosen, and do they change with scale?",
            _hyperparameters(grid.training) if grid else None,
        ),
    ]


def _hyperparameters(training: Training) -> str:
    scaled = {
        "learning rates and initial values (maximal-update parametrisation)": training.parametrization == "mup",
        "epochs (a power of the number of parameters)": bool(training.horizon_exponent),
    }
    changing = [text for text, holds in scaled.items() if holds]
    but = f" but for {' and '.join(changing)}" if changing else ""
    return f"taken from the configuration, the same for every size{but}"


def _data(experiment: Experiment) -> list[Item]:
    topic = "Data"
    skip = experiment.fitting.skip
    entries = experiment.source.entries if isinstance(experiment.source, Imports) else ()
    changes = [f"the first {skip} points left out"] if skip else []
    changes += [f"{entry.name}: every {entry.every}" for entry in entries if entry.every > 1]
    changes += [f"{entry.name}: most {entry.most}" for entry in entries if entry.most]
    metric = "training loss, the mean over an epoch" if experiment.grid else None
    return [
        Item(
            topic, "Which points of training are used?", "every recorded one" + (f", {changes[0]}" if changes else "")
        ),
        Item(topic, "Which metric?", "a simulated loss" if isinstance(experiment.source, Simulation) else metric),
        Item(topic, "Was it smoothed, cut or transformed?", "; ".join(changes) or "no"),
        Item(topic, "Are the data available?", "the curves are in curves/, as Parquet, beside this page"),
    ]


def _fitting(experiment: Experiment) -> list[Item]:
    topic = "Fitting"
    judged = "R², residuals, standard errors; bounds and limits are marked"
    if "evidence" in experiment.analyses:
        judged += "; lack-of-fit test, block bootstrap, hold-out and the multiverse of analyses"
    return [
        Item(topic, "Which objective?", "residual sum of squares of the loss"),
        Item(topic, "Which algorithm, with which settings?", "variable projection; Levenberg–Marquardt to convergence"),
        Item(topic, "How is it initialised?", "from every local minimum of a grid over the whole range of the shapes"),
        Item(topic, "Which points are left out?", f"the first {experiment.fitting.skip} of each curve"),
        Item(topic, "How is correctness judged?", judged),
        Item(
            topic,
            "Is the result repeated over seeds?",
            None if experiment.grid and len(experiment.grid.seeds) < 2 else "see the runs",
        ),
    ]
