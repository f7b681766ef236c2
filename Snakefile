from snakemake.utils import min_version

min_version("9.19")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/resources.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/import.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/fit.smk"
include: "workflow/rules/universality.smk"
include: "workflow/rules/evidence.smk"
include: "workflow/rules/replicates.smk"
include: "workflow/rules/accuracy.smk"
include: "workflow/rules/calibration.smk"
include: "workflow/rules/schedule_law.smk"
include: "workflow/rules/collapse.smk"
include: "workflow/rules/forecast.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        experiment_files(config["run"]),
        comparison(),


onerror:
    print(failure(log), file=sys.stderr)
