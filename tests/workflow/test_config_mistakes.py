"""A mistake in the configuration is told in one sentence, before anything runs."""

import pytest

MISTAKES = {
    "typo in a key": (
        "widths: [2, 3]",
        "width: [2, 3]",
        ("experiments.smoke", "'width'", "did you mean 'widths'", "tasks, widths, seeds"),
    ),
    "unknown task": (
        "[regression, classification]",
        "[regresion]",
        ("experiments.smoke.tasks", "'regression'", "mod_add"),
    ),
    "unknown law": (
        "laws: [exponential, stretched_exp]",
        "laws: [exponental]",
        ("experiments.other.fitting.laws", "'exponential'", "log_power"),
    ),
    "unknown experiment": ("run: [smoke, other]", "run: [smoke, othr]", ("run", "'othr'", "'other'", "diverged")),
    "empty grid": ("widths: [2, 3]", "widths: []", ("experiments.smoke.widths", "empty")),
    "no grid": ("    widths: [2, 3]\n", "", ("experiments.smoke", "'widths'")),
    "width of zero": ("widths: [2, 3]", "widths: [2, 0]", ("experiments.smoke.widths[1]", "0", "at least 1")),
    "a width twice": ("widths: [2, 3]", "widths: [2, 2]", ("experiments.smoke.widths", "distinct entries")),
    "text for a number": ("epochs: 40", "epochs: many", ("defaults.training.epochs", "'many'", "whole number")),
    "a number that YAML reads as text": (
        "learning_rate: 1.0e+20",
        "learning_rate: 1e-7",
        ("experiments.diverged.training.learning_rate", "'1e-7'", "write 1.0e-07"),
    ),
    "a whole number that YAML reads as text": ("epochs: 40", "epochs: 4e1", ("'4e1'", "write 40)")),
    "not a number": ("learning_rate: 1.0e+20", "learning_rate: .nan", ("training.learning_rate", "finite number")),
}


def shown(output):
    """Return the lines of an output without Snakemake's remark on the profile."""
    return [line for line in output.splitlines() if line and not line.startswith("Using workflow specific profile")]


@pytest.mark.parametrize(("old", "new", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_is_told_in_one_sentence(unbuilt, old, new, expected):
    unbuilt.replace("config.yaml", old, new)
    done = unbuilt.run()
    assert done.returncode != 0
    (sentence,) = shown(done.stdout)
    assert sentence.startswith("config: ")
    assert [part for part in expected if part not in sentence] == []
    assert not (unbuilt.folder / "results").exists()


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("run=smoke", ("run is 'smoke'", "a list")),
        ("experiments={other: {seed: [1]}}", ("experiments.other", "'seed'", "did you mean 'seeds'")),
        # Snakemake hands over nested values as text, whatever they are.
        ("experiments={other: {fitting: {skip: 5}}}", ("experiments.other.fitting.skip", "'5'", "--configfile")),
    ],
)
def test_overrides_are_checked_too(unbuilt, override, expected):
    done = unbuilt.run("--config", override)
    assert done.returncode != 0
    *remarks, sentence = shown(done.stdout)
    assert all("extended by additional config" in remark for remark in remarks)
    assert sentence.startswith("config: ")
    assert [part for part in expected if part not in sentence] == []
