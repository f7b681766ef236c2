# The workflow is in workflow/Snakefile, where those look who deploy it or use it as a module.
include: "workflow/Snakefile"


# An included file does not set what a bare `snakemake` builds.
workflow.default_target = "all"
