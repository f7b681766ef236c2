"""What the rules from data to fits ask: the modules that their jobs load by name, and their parameters."""

from losslaws.config.changed import Changes, changed
from losslaws.config.sources import Simulation
from losslaws.core.registry import CRITERIA, LAWS, READERS, RECORDERS, TASKS
from losslaws.plan.plan import Plan, Wildcards


def task_module(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the module of the task."""
    plan.experiment(wildcards)
    return [TASKS.module(wildcards["task"])]


def training_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules of the task, of the loss that it minimizes, and of all recorders."""
    task = task_module(plan, wildcards)
    criterion = CRITERIA.module(TASKS.load(wildcards["task"]).loss)
    return [*task, criterion, *map(RECORDERS.module, RECORDERS.names())]


def law_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules of the laws that are fitted, and the paths of those that are the user's own."""
    return [source for law in plan.experiment(wildcards).fitting.laws for source in LAWS.sources(law)]


def true_law_module(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the module of the law that a simulated group follows."""
    plan.experiment(wildcards)
    return [LAWS.module(wildcards["group"].rsplit("_n", 1)[0])]


def reader_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules of the readers that an import may use: its own, or all where the format is guessed."""
    entry, _ = plan.import_of(wildcards)
    return [READERS.module(name) for name in ([entry.format] if entry.format else READERS.names())]


def seeds(plan: Plan, wildcards: Wildcards) -> list[int]:
    """Return the seeds of a grid."""
    return list(plan.grid(wildcards).seeds)


def train_fraction(plan: Plan, wildcards: Wildcards) -> float:
    """Return the share of a task's data table that is trained on, none where training draws data of its own."""
    training = plan.grid(wildcards).training
    return 0 if training.fresh_data else training.train_fraction


def training_changes(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return how a grid is trained."""
    return changed(plan.grid(wildcards).training)


def fitting_changes(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return how laws are fitted."""
    return changed(plan.experiment(wildcards).fitting)


def import_changes(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return the import that the wildcards' group is a chunk of."""
    return changed(plan.import_of(wildcards)[0])


def chunk(plan: Plan, wildcards: Wildcards) -> int:
    """Return the number of the group's chunk in its import, from 1."""
    return plan.import_of(wildcards)[1]


def simulation_changes(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return which curves are simulated."""
    source = plan.experiment(wildcards).source
    assert isinstance(source, Simulation)
    return changed(source)
