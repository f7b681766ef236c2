"""What was done, in words, generated from the configuration."""

from collections.abc import Sequence
from typing import Any

from losslaws.analyses.analysis import Analysis, settings_of
from losslaws.config.experiment import Experiment
from losslaws.laws.law import Law
from losslaws.report.blocks import Block, Paragraph, Table


def methods(experiment: Experiment, laws: Sequence[Law], analyses: Sequence[Analysis]) -> list[Block]:
    """Return where the curves come from, which laws were fitted and how, and what each analysis did."""
    fits = _fits(experiment, laws) if "fitting" in settings_of(experiment, analyses) else []
    own = [Paragraph(text) for analysis in analyses for text in analysis.methods(experiment)]
    return [Paragraph(curves_from(experiment)), *fits, *own]


def _fits(experiment: Experiment, laws: Sequence[Law]) -> list[Block]:
    return [
        Paragraph(fitted_how(experiment)),
        Table(
            ["law", "L(t)", "exponent", "source"], [[law.name, law.formula, law.exponent, law.source] for law in laws]
        ),
        Paragraph(
            "Laws are compared by AIC = n ln(RSS/n) + 2k with k the number of a law's parameters, and by BIC with "
            "k ln n in place of 2k. ΔAIC is the second best law's minus the best law's: strong support from 10, "
            "moderate from 4. These levels take the points of a curve for independent."
        ),
    ]


def curves_from(experiment: Experiment) -> str:
    """Say where the curves come from."""
    if experiment.source == "training":
        training = experiment.training
        each = "Each of " if len(experiment.tasks) > 1 else ""
        return (
            f"{each}{_listed(experiment.tasks)} was trained at {_listed(experiment.widths)} units per hidden layer "
            f"with {_counted(len(experiment.seeds), 'seed')} ({_listed(experiment.seeds)}): "
            f"{training['architecture']}, {training['optimizer']} with learning rate {training['learning_rate']} "
            f"({training['schedule']}){_scaled(training)}, {_batches(training['batch_size'])}, {_horizon(training)}. "
            f"The loss of an epoch is the plain mean of its batches' losses, each before its step.{_tested(training)}"
        )
    if experiment.simulate:
        settings = experiment.simulate
        return (
            f"Curves of {_listed(settings['laws'])} were simulated with {_listed(settings['lengths'])} points and "
            f"Gaussian AR(1) noise: correlation {_listed(settings['rho'])}, signal-to-noise ratio "
            f"{_listed(settings['signal_to_noise'])}, {settings['curves']} curves of each."
        )
    return "Curves were recorded elsewhere and read from " + "; ".join(map(_import, experiment.imports)) + "."


def _scaled(training: dict[str, Any]) -> str:
    if training["parametrization"] == "standard":
        return ""
    return f", maximal-update parametrisation from width {training['base_width']}"


def _horizon(training: dict[str, Any]) -> str:
    if not training["horizon_exponent"]:
        return f"{training['epochs']} epochs"
    return (
        f"{training['epochs']} epochs at width {training['base_width']} and otherwise as the number of parameters to "
        f"the power {training['horizon_exponent']:g}"
    )


def _batches(size: int | str) -> str:
    return "all rows in one batch" if size == "full" else f"batches of {size}"


def _tested(training: dict[str, Any]) -> str:
    share = training["train_fraction"]
    if training["fresh_data"]:
        return " Every epoch had new rows; the test loss is that of rows that all runs were tested on."
    return f" {share:.0%} of the rows were trained on, the test loss is that of the others." if share < 1 else ""


def _import(entry: dict[str, Any]) -> str:
    if entry["experiment"]:
        return f"the experiment {entry['experiment']}"
    files = entry["files"] if isinstance(entry["files"], list) else [entry["files"]]
    given = [
        f"{key}: {entry[key]}" for key in ("t", "loss", "curve", "lr", "every", "most") if entry[key] not in (None, 1)
    ]
    return f"{_listed(files)} as {entry['name']}" + (f" ({', '.join(given)})" if given else "")


def fitted_how(experiment: Experiment) -> str:
    """Say how the laws were fitted."""
    fitting = experiment.fitting
    skipped = f"the first {_counted(fitting['skip'], 'point')} left out" if fitting["skip"] else "no point left out"
    return (
        f"Every law was fitted to every curve by least squares on the loss, {skipped}, within the bounds "
        f"{fitting['bounds']!r}. Amplitudes and the offset L∞ enter linearly and are solved for exactly; the few "
        "shape parameters that remain are searched over their whole range and polished by Levenberg–Marquardt, so that "
        "the optimum is the global one. An optimum at infinity is fitted as the law's limit and marked; a parameter "
        "that ends on a bound is marked."
    )


def _listed(values: Sequence[object]) -> str:
    words = [str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
