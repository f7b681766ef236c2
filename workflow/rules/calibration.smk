ANALYSIS_FILES["calibration"] = [
    "tables/calibration.csv",
    *(f"figures/calibration.{kind}" for kind in ("png", "svg")),
]


rule calibration:
    """Count how often each criterion names the true law, and how often its certainty is false."""
    input:
        curves=simulated_curves,
        evidence=lambda wildcards: all_parts(wildcards, "evidence/{part}.parquet"),
        code=code("calibration.py", law_modules),
    output:
        "results/{experiment}/tables/calibration.csv",
    log:
        "results/{experiment}/logs/calibration.log",
    benchmark:
        "results/{experiment}/benchmarks/calibration.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/calibration.py"


rule figure_calibration:
    """Draw how often each criterion is right, and how often it is falsely certain."""
    input:
        table="results/{experiment}/tables/calibration.csv",
        code=code("table_figure.py", lambda wildcards: ["losslaws.analyses.calibration.figure"]),
    output:
        report(
            "results/{experiment}/figures/calibration.png",
            caption="../report/calibration.rst",
            category="{experiment}",
            labels={"figure": "calibration"},
        ),
        "results/{experiment}/figures/calibration.svg",
    log:
        "results/{experiment}/logs/figure/calibration.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/calibration.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        figure="calibration",
    script:
        "../scripts/table_figure.py"
