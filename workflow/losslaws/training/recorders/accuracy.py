"""The accuracy of a classifier on the rows that are trained on, and on those that are not."""

from losslaws.training.recorder import Measure, Measures, Setup


def measures(setup: Setup) -> Measures:
    """Measure both where there are rows that are not trained on."""
    accuracy = setup.criterion.accuracy
    if accuracy is None or "test" not in setup.data:
        return {}

    def of(split: str) -> Measure:
        return lambda snapshot: accuracy(snapshot.outputs(split), setup.data[split].target)

    return {(split, "accuracy"): of(split) for split in setup.data}


RECORDER = measures
