from snakemake.utils import min_version

min_version("9.19")


configfile: "config.yaml"


report: "workflow/report/workflow.rst"


include: "workflow/rules/common.smk"
include: "workflow/rules/data.smk"
include: "workflow/rules/train.smk"
include: "workflow/rules/import.smk"
include: "workflow/rules/simulate.smk"
include: "workflow/rules/fit.smk"
include: "workflow/rules/analyses.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        PLAN.files(PLAN.run),
        PLAN.comparison,


onerror:
    # Jobs that did not run to their end.
    unfinished = list(workflow.dag.needrun_jobs())
    outputs = [path for job in unfinished for path in job.output]
    names = {job.wildcards.get("experiment") for job in unfinished} - {None}
    print(failure(PLAN, log, outputs, names), file=sys.stderr)
