FIGURES = ["loss_curves_with_fits", "aic_comparison", "exponent_distributions"]
TABLES = ["runs", "fits", "exponents"]

ANALYSIS_FILES["universality"] = [
    "results.json",
    "full_curves.json",
    *(f"tables/{name}.csv" for name in TABLES),
    *(f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")),
]


rule universality:
    """Rank the laws of every run, and count how often each wins."""
    input:
        curves=curve_files,
        fits=fit_files,
        code=code("universality.py", law_modules),
    output:
        "results/{experiment}/results.json",
        "results/{experiment}/full_curves.json",
        expand("results/{{experiment}}/tables/{name}.csv", name=TABLES),
    log:
        "results/{experiment}/logs/universality.log",
    benchmark:
        "results/{experiment}/benchmarks/universality.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        study=lambda wildcards: vars(experiment(wildcards)),
    script:
        "../scripts/universality.py"


rule figure:
    """Draw one figure of the study, as PNG and SVG."""
    input:
        curves=curve_files,
        fits=fit_files,
        code=code(
            "figure.py",
            lambda wildcards: [*law_modules(wildcards), f"losslaws.figures.{wildcards.figure}"],
        ),
    output:
        report(
            "results/{experiment}/figures/{figure}.png",
            caption="../report/{figure}.rst",
            category="{experiment}",
            labels={"figure": "{figure}"},
        ),
        "results/{experiment}/figures/{figure}.svg",
    log:
        "results/{experiment}/logs/figure/{figure}.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/{figure}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    wildcard_constraints:
        figure="|".join(FIGURES),
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/figure.py"
