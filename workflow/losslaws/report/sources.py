"""How curves were made, in words."""

from losslaws.config.experiment import Experiment
from losslaws.config.sources import Grid, Import, Simulation
from losslaws.config.training import Training
from losslaws.report.text import joined, shown


def curves_from(experiment: Experiment) -> str:
    """Say where the curves come from."""
    source = experiment.source
    if isinstance(source, Grid):
        return _trained(source)
    if isinstance(source, Simulation):
        return (
            f"Curves of {joined(source.laws)} were simulated with {joined(source.lengths)} points and Gaussian AR(1) "
            f"noise: correlation {joined(source.rho)}, signal-to-noise ratio {joined(source.signal_to_noise)}, "
            f"{source.curves} curves of each."
        )
    return "Curves were recorded elsewhere and read from " + "; ".join(map(_import, source.entries)) + "."


def _trained(grid: Grid) -> str:
    training = grid.training
    each = "Each of " if len(grid.tasks) > 1 else ""
    return (
        f"{each}{joined(grid.tasks)} was trained at {joined(grid.widths)} units per hidden layer with "
        f"{counted(len(grid.seeds), 'seed')} ({joined(grid.seeds)}): {training.architecture}, {training.optimizer} "
        f"with learning rate {training.learning_rate} ({training.schedule}){_scaled(training)}, "
        f"{_batches(training.batch_size)}, {_horizon(training)}. The loss of an epoch is the plain mean of its "
        f"batches' losses, each before its step.{_tested(training)}"
    )


def _scaled(training: Training) -> str:
    if training.parametrization == "standard":
        return ""
    return f", maximal-update parametrisation from width {training.base_width}"


def _horizon(training: Training) -> str:
    if not training.horizon_exponent:
        return f"{training.epochs} epochs"
    return (
        f"{training.epochs} epochs at width {training.base_width} and otherwise as the number of parameters to the "
        f"power {training.horizon_exponent:g}"
    )


def _batches(size: int | str) -> str:
    return "all rows in one batch" if size == "full" else f"batches of {size}"


def _tested(training: Training) -> str:
    share = training.train_fraction
    if training.fresh_data:
        return " Every epoch had new rows; the test loss is that of rows that all runs were tested on."
    return f" {share:.0%} of the rows were trained on, the test loss is that of the others." if share < 1 else ""


def _import(entry: Import) -> str:
    if entry.experiment:
        return f"the experiment {entry.experiment}"
    files = [entry.files] if isinstance(entry.files, str) else list(entry.files or ())
    values = {key: getattr(entry, key) for key in ("t", "loss", "curve", "lr", "every", "most")}
    given = [f"{key}: {shown(value)}" for key, value in values.items() if value not in (None, 1)]
    return f"{joined(files)} as {entry.name}" + (f" ({', '.join(given)})" if given else "")


def counted(count: int, noun: str) -> str:
    """Return a number and what it counts, in the plural where needed."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
