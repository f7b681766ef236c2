ANALYSIS_FILES["accuracy"] = [
    "tables/accuracy.csv",
    *(f"figures/accuracy.{kind}" for kind in ("png", "svg")),
]


rule accuracy:
    """Look up when every curve reaches which accuracy."""
    input:
        curves=curve_files,
        code=code("accuracy.py"),
    output:
        "results/{experiment}/tables/accuracy.csv",
    log:
        "results/{experiment}/logs/accuracy.log",
    benchmark:
        "results/{experiment}/benchmarks/accuracy.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    script:
        "../scripts/accuracy.py"


rule figure_accuracy:
    """Draw loss and accuracy on training and test data."""
    input:
        # Without any accuracy there is nothing to draw, and that job says so.
        table="results/{experiment}/tables/accuracy.csv",
        curves=curve_files,
        code=code("accuracy_figure.py", lambda wildcards: ["losslaws.analyses.accuracy.figure"]),
    output:
        report(
            "results/{experiment}/figures/accuracy.png",
            caption="../report/accuracy.rst",
            category="{experiment}",
            labels={"figure": "accuracy"},
        ),
        "results/{experiment}/figures/accuracy.svg",
    log:
        "results/{experiment}/logs/figure/accuracy.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/accuracy.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    script:
        "../scripts/accuracy_figure.py"
