rule report:
    """Write the answer in words and tables."""
    input:
        analyses=lambda wildcards: analysis_files(experiment(wildcards)),
        imports=import_notes,
        code=code("report.py", analysis_modules),
    output:
        "results/{experiment}/report.txt",
        "results/{experiment}/answer.txt",
    log:
        "results/{experiment}/logs/report.log",
    benchmark:
        "results/{experiment}/benchmarks/report.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        study=lambda wildcards: vars(experiment(wildcards)),
    script:
        "../scripts/report.py"


rule page:
    """Write the answer as one self-contained page."""
    input:
        analyses=lambda wildcards: analysis_files(experiment(wildcards)),
        imports=import_notes,
        curves=fitted_curve_files,
        fits=wanted_fit_files,
        templates=page_templates(),
        code=code(
            "page.py",
            lambda wildcards: [*law_modules(wildcards), *analysis_modules(wildcards)],
        ),
    output:
        "results/{experiment}/report.html",
    log:
        "results/{experiment}/logs/page.log",
    benchmark:
        "results/{experiment}/benchmarks/page.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=10,
    params:
        study=lambda wildcards: vars(experiment(wildcards)),
    script:
        "../scripts/page.py"


rule compare:
    """Show the experiments in `run` side by side."""
    input:
        results=[
            f"results/{name}/{path}"
            for name in comparable()
            for path in analysis_paths(EXPERIMENTS[name])
            if path in ("summary.json", "evidence.json", "tables/exponents.csv")
        ],
        templates=page_templates(),
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
        experiments=comparable(),
    script:
        "../scripts/compare.py"


rule validate:
    """Check the finished experiments in `run` for completeness and consistency."""
    input:
        experiment_files(config["run"]),
        comparison(),
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
        studies=[vars(EXPERIMENTS[name]) for name in config["run"]],
        products={name: experiment_files([name]) for name in config["run"]},
    script:
        "../scripts/validate.py"
