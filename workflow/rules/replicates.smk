ANALYSIS_FILES["replicates"] = [
    "tables/replicates.csv",
    "tables/replicate_exponents.csv",
    *(f"figures/replicates.{kind}" for kind in ("png", "svg")),
]


rule replicates:
    """Count winners over seeds, and compare exponents within and between cells."""
    input:
        curves=curve_files,
        fits=fit_files,
        code=code("replicates.py", law_modules),
    output:
        shares="results/{experiment}/tables/replicates.csv",
        exponents="results/{experiment}/tables/replicate_exponents.csv",
    log:
        "results/{experiment}/logs/replicates.log",
    benchmark:
        "results/{experiment}/benchmarks/replicates.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/replicates.py"


rule figure_replicates:
    """Draw the share of the seeds that each law wins."""
    input:
        table="results/{experiment}/tables/replicates.csv",
        code=code("table_figure.py", lambda wildcards: ["losslaws.analyses.replicates.figure"]),
    output:
        report(
            "results/{experiment}/figures/replicates.png",
            caption="../report/replicates.rst",
            category="{experiment}",
            labels={"figure": "replicates"},
        ),
        "results/{experiment}/figures/replicates.svg",
    log:
        "results/{experiment}/logs/figure/replicates.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/replicates.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        figure="replicates",
    script:
        "../scripts/table_figure.py"
