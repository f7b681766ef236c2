"""The loss on the rows that are not trained on."""

from losslaws.training.recorder import Measures, Setup


def measures(setup: Setup) -> Measures:
    """Measure it where there are such rows."""
    if "test" not in setup.data:
        return {}
    target = setup.data["test"].target
    return {("test", "loss"): lambda snapshot: setup.criterion.loss(snapshot.outputs("test"), target).item()}


RECORDER = measures
