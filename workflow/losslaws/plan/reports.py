"""What the rules of reports ask: the settings in use, the modules of sections, and their parameters."""

from losslaws.config.changed import Changes
from losslaws.config.experiment import Experiment
from losslaws.core.registry import LAWS
from losslaws.plan.params import experiment_params
from losslaws.plan.plan import Plan, Wildcards, load


def settings_in_use(experiment: Experiment) -> dict[str, object]:
    """Return the records of settings that an experiment's analyses go by, by their section of the configuration."""
    analyses = {name: load(name) for name in experiment.analyses}
    fitted = any(analysis.uses_fits for analysis in analyses.values())
    named = [
        name
        for own, analysis in analyses.items()
        for name in (own, *(step.settings for step in analysis.steps.values()))
        if name in experiment.settings
    ]
    first: dict[str, object] = {"fitting": experiment.fitting} if fitted else {}
    return first | {name: experiment.settings[name] for name in named}


def report_params(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return the parameters of a report's job: the experiment, of its settings those in use."""
    study = plan.experiment(wildcards)
    return experiment_params(study, settings_in_use(study))


def section_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules of the sections of an experiment's analyses."""
    study = plan.experiment(wildcards)
    return [f"losslaws.analyses.{name}.{load(name).section.split(':')[0]}" for name in study.analyses]


def page_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules that a page loads by name: those of sections, and of laws where there are fits."""
    study = plan.experiment(wildcards)
    laws = study.fitting.laws if plan.wanted_fits(wildcards) else ()
    return [*section_modules(plan, wildcards), *(source for law in laws for source in LAWS.sources(law))]
