rule report:
    """Write the answer in words and tables."""
    input:
        analyses=planned(Plan.products),
        imports=planned(Plan.import_notes),
        code=code("report.py", reports.section_modules),
    output:
        "results/{experiment}/report.txt",
        "results/{experiment}/answer.txt",
    log:
        "results/{experiment}/logs/report.log",
    benchmark:
        "results/{experiment}/benchmarks/report.tsv"
    group:
        "summary"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        experiment=planned(reports.report_params),
    script:
        "../scripts/report.py"


rule page:
    """Write the answer as one self-contained page."""
    input:
        analyses=planned(Plan.products),
        imports=planned(Plan.import_notes),
        curves=planned(Plan.fitted_curves),
        fits=planned(Plan.wanted_fits),
        templates=templates(),
        code=code("page.py", reports.page_modules),
    output:
        "results/{experiment}/report.html",
    log:
        "results/{experiment}/logs/page.log",
    benchmark:
        "results/{experiment}/benchmarks/page.tsv"
    group:
        "summary"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=planned(resources.reading_mb),
        runtime=planned(resources.reading_minutes),
    params:
        experiment=planned(reports.report_params),
    script:
        "../scripts/page.py"


rule compare:
    """Show the experiments in `run` side by side."""
    input:
        results=PLAN.compared,
        templates=templates(),
        code=code("compare.py"),
    output:
        "results/compare.html",
    log:
        "results/logs/compare.log",
    benchmark:
        "results/benchmarks/compare.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        experiments=PLAN.comparable,
    script:
        "../scripts/compare.py"


rule validate:
    """Check the finished experiments in `run` for completeness and consistency."""
    input:
        PLAN.files(PLAN.run),
        PLAN.comparison,
    log:
        "results/logs/validate.log",
    # No benchmark: Snakemake takes it for an output, and would not run the rule again while the file is there.
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=5,
    params:
        experiments=[reports.report_params(PLAN, {"experiment": name}) for name in PLAN.run],
        products={name: PLAN.files([name]) for name in PLAN.run},
    script:
        "../scripts/validate.py"
