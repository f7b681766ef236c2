FIGURES = ["loss_curves_with_fits", "aic_comparison", "exponent_distributions"]
TABLES = ["runs", "fits", "exponents"]

ANALYSIS_FILES["universality"] = [
    "results.json",
    "full_curves.json",
    "summary.json",
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
        "results/{experiment}/summary.json",
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


for FIGURE in FIGURES:

    # One rule per figure: Snakemake takes the path of a caption as it stands, without wildcards.
    rule:
        """Draw one figure of the study, as PNG and SVG."""
        name:
            f"figure_{FIGURE}"
        input:
            curves=curve_files,
            fits=fit_files,
            code=code(
                "figure.py",
                lambda wildcards, module=f"losslaws.figures.{FIGURE}": [
                    *law_modules(wildcards),
                    module,
                ],
            ),
        output:
            report(
                f"results/{{experiment}}/figures/{FIGURE}.png",
                caption=f"../report/{FIGURE}.rst",
                category="{experiment}",
                labels={"figure": FIGURE},
            ),
            f"results/{{experiment}}/figures/{FIGURE}.svg",
        log:
            f"results/{{experiment}}/logs/figure/{FIGURE}.log",
        benchmark:
            f"results/{{experiment}}/benchmarks/figure/{FIGURE}.tsv"
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=1500,
            runtime=10,
        params:
            figure=FIGURE,
            fitting=lambda wildcards: experiment(wildcards).fitting,
        script:
            "../scripts/figure.py"
