# The workflow is in workflow/Snakefile, where those look who deploy it or use it as a module.
include: "workflow/Snakefile"
