"""Whether the settings of a collapse go with the training."""

from collections.abc import Iterator

from losslaws.analyses.collapse.settings import own_settings
from losslaws.config.experiment import Experiment


def check(experiment: Experiment) -> Iterator[str]:
    """Yield a sentence where a frontier is asked for of runs that cannot have one."""
    grid = experiment.grid
    if grid is None or not own_settings(experiment).frontier:
        return
    if grid.training.schedule != "constant":
        yield (
            f"collapse.frontier is true with schedule {grid.training.schedule}, where only the end of a run counts; "
            "expected schedule constant"
        )
    if len(grid.widths) < 4:
        yield (
            f"collapse.frontier is true with {len(grid.widths)} widths; expected four or more, as the smallest and the "
            "largest have no place on the frontier"
        )
