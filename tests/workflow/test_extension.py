"""Adding a task, a law, a width, a hyperparameter, an architecture: each in its place, through to the report."""

import json

import pyarrow.parquet as pq

TASK = '''"""Parity of eight bits."""

import numpy as np

from losslaws.tasks.task import Samples, Task, numbered_columns


def sample(seed: int) -> Samples:
    """Draw the bits."""
    bits = np.random.default_rng(seed).integers(0, 2, (512, 8))
    return Samples(numbered_columns(bits.astype(np.float64)), bits.sum(axis=1) % 2)


TASK = Task(sample=sample, outputs=2, loss="cross_entropy", tokens=None, description="Tell odd from even.")
'''

LAW = '''"""Hyperbola with an offset."""

import numpy as np

from losslaws.laws.law import Law, Shape

LAW = Law(
    name="hyperbola",
    formula="a/(1 + t/τ) + L∞",
    latex=r"a/(1 + t/\\tau) + L_\\infty",
    shapes=(Shape("tau", {"paper": (1.0, 1e4), "wide": (1e-4, 1e8)}, points=60),),
    log_basis=lambda t, tau: -np.log1p(t / tau),
    gradient=lambda t, tau: (t / (tau * (tau + t)),),
    exponent="tau",
    source="a test",
)
'''

OWN_LAW = """import numpy as np
from losslaws.laws.law import Law, Shape

LAW = Law(
    name="hyperbolic",
    formula="a/(1 + t/τ) + L∞",
    shapes=(Shape("tau", (1.0, 1e6)),),
    log_basis=lambda t, tau: -np.log1p(t / tau),
    exponent="tau",
)
"""


def report(study, experiment):
    """Build the report of an experiment and return its text."""
    path = f"results/{experiment}/report.txt"
    study.build(path)
    return study.text(path)


def only_run(study, experiment):
    """Return the record of an experiment's only run."""
    (run,) = json.loads(study.text(f"results/{experiment}/results.json"))["runs_summary"]
    return run


def test_a_task_and_a_law_are_a_file_each(study):
    study.write("workflow/losslaws/tasks/catalogue/parity.py", TASK)
    study.write("workflow/losslaws/laws/time/hyperbola.py", LAW)
    experiment = "\n  odd:\n    tasks: [parity]\n    widths: [2]\n    fitting: {laws: [exponential, hyperbola]}\n"
    study.write("config.yaml", study.text("config.yaml") + experiment)
    assert study.planned() == set()

    told = report(study, "odd")
    assert "parity" in told
    assert "hyperbola" in told
    run = only_run(study, "odd")
    assert run["task"] == "parity"
    assert run["n_params"] == (8 * 2 + 2) + (2 * 2 + 2) + (2 * 2 + 2)
    (fit,) = [fit for fit in run["fits"] if fit["form"] == "hyperbola"]
    assert fit["param_names"] == ["a", "tau", "L_inf"]
    assert study.planned() == set()


def test_a_new_law_refits_only_the_experiment_that_takes_it_up(study):
    study.write("workflow/losslaws/laws/time/hyperbola.py", LAW)
    study.replace("config.yaml", "[exponential, stretched_exp]", "[exponential, stretched_exp, hyperbola]")
    assert study.planned() == {"other/fits/regression_w2.parquet"} | study.aggregates("other")


def test_a_law_of_the_users_own_is_a_file_that_the_config_names(study):
    study.write("hyperbolic.py", OWN_LAW)
    study.replace("config.yaml", "[exponential, stretched_exp]", "[exponential, hyperbolic.py]")
    refit = {"other/fits/regression_w2.parquet"} | study.aggregates("other")
    assert study.planned() == refit
    assert "hyperbolic" in report(study, "other")
    assert {fit["form"] for fit in only_run(study, "other")["fits"]} == {"exponential", "hyperbolic"}
    assert "complete and consistent" in study.build("validate")
    assert study.planned() == set()

    study.comment("hyperbolic.py")
    assert study.planned() == refit

    study.replace("hyperbolic.py", "(1.0, 1e6)", "(1e6, 1.0)")
    done = study.run()
    assert done.returncode != 0
    assert "config: experiments.other.fitting.laws: hyperbolic.py: the shape tau has the bounds" in done.stdout


def test_a_width_and_a_value_are_numbers_in_the_config(study):
    study.replace("config.yaml", "widths: [2]\n    fitting", "widths: [2, 4]\n    fitting")
    wider = {"other/curves/regression_w4.parquet", "other/fits/regression_w4.parquet"}
    assert study.planned() == wider | study.aggregates("other")

    study.replace("config.yaml", "    fitting: {", "    training: {learning_rate: 0.01}\n    fitting: {")
    retrained = {"other/curves/regression_w2.parquet", "other/fits/regression_w2.parquet"}
    assert study.planned() == wider | retrained | study.aggregates("other")

    told = report(study, "other")
    assert "width 4" in told
    assert ["training:", "learning_rate", "0.01"] in [line.split() for line in told.splitlines()]
    assert study.planned("results/other/report.txt") == set()


def test_a_hyperparameter_and_an_architecture_are_code_and_a_field(study):
    settings = "workflow/losslaws/config/training.py"
    field = '    epsilon: Above0 = 1e-8\n    """Adam\'s own."""\n'
    study.replace(settings, "    momentum: Annotated", f"{field}    momentum: Annotated")
    study.replace(settings, '["mlp", "transformer"]', '["mlp", "transformer", "bottleneck"]')
    keyword = '{"lr": settings.learning_rate,'
    optimizers = "workflow/losslaws/training/optimizers.py"
    study.replace(optimizers, keyword, f'{keyword} "eps": settings.epsilon,')
    models = "workflow/losslaws/training/models.py"
    linear = "lambda task, features, width, settings: nn.Sequential(nn.Linear(features, task.outputs))"
    study.write(models, study.text(models) + f'\nARCHITECTURES["bottleneck"] = {linear}\n')
    setting = "training: {epsilon: 1000000.0, architecture: bottleneck, learning_rate: 0.1}"
    study.replace("config.yaml", "    fitting: {", f"    {setting}\n    fitting: {{")

    told = report(study, "other")
    assert "epsilon" in told
    assert "bottleneck" in told
    run = only_run(study, "other")
    assert run["n_params"] == 20 + 1
    # With the usual ε a linear network comes down to the noise, 0.01.
    target = pq.read_table(study.folder / "results/other/data/regression.parquet")["target"].to_numpy()
    assert run["final_loss"] > 0.5 * target.var()
