"""What the rules of reports ask: the modules of sections, and their parameters."""

from losslaws.config.changed import Changes
from losslaws.core.registry import LAWS
from losslaws.plan.params import experiment_params
from losslaws.plan.plan import Plan, Wildcards, load
from losslaws.study.settings import sections_in_use


def report_params(plan: Plan, wildcards: Wildcards) -> Changes:
    """Return the parameters of a report's job: the experiment, of its settings those in use, and its headings."""
    study = plan.experiment(wildcards)
    headings = {name: [load(name).title, load(name).question] for name in study.analyses}
    return experiment_params(study, sections_in_use(study)) | {"headings": headings}


def section_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules of the sections of an experiment's analyses."""
    study = plan.experiment(wildcards)
    return [f"losslaws.analyses.{name}.{load(name).section.split(':')[0]}" for name in study.analyses]


def page_modules(plan: Plan, wildcards: Wildcards) -> list[str]:
    """Return the modules that a page loads by name: those of sections, and of laws where there are fits."""
    study = plan.experiment(wildcards)
    laws = study.fitting.laws if plan.wanted_fits(wildcards) else ()
    return [*section_modules(plan, wildcards), *(source for law in laws for source in LAWS.sources(law))]
