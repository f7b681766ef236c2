ANALYSIS_FILES["collapse"] = [
    "collapse.json",
    *(f"figures/collapse.{kind}" for kind in ("png", "svg")),
]


rule collapse:
    """Compare the curves of all sizes."""
    input:
        curves=curve_files,
        code=code("collapse.py"),
    output:
        "results/{experiment}/collapse.json",
    log:
        "results/{experiment}/logs/collapse.log",
    benchmark:
        "results/{experiment}/benchmarks/collapse.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=60,
    params:
        collapse=lambda wildcards: experiment(wildcards).collapse,
    script:
        "../scripts/collapse.py"


rule figure_collapse:
    """Draw the collapse of curves of all sizes."""
    input:
        found="results/{experiment}/collapse.json",
        code=code("collapse_figure.py", lambda wildcards: ["losslaws.analyses.collapse.figure"]),
    output:
        report(
            "results/{experiment}/figures/collapse.png",
            caption="../report/collapse.rst",
            category="{experiment}",
            labels={"figure": "collapse"},
        ),
        "results/{experiment}/figures/collapse.svg",
    log:
        "results/{experiment}/logs/figure/collapse.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/collapse.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    script:
        "../scripts/collapse_figure.py"
