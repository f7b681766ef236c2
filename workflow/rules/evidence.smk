EVIDENCE_FIGURES = ["specification_curve", "winner_map"]

ANALYSIS_FILES["evidence"] = [
    # The majority law that the multiverse puts to the test is found there.
    "results.json",
    "evidence.json",
    "tables/evidence.csv",
    "tables/multiverse.csv",
    *(f"figures/{name}.{kind}" for name in EVIDENCE_FIGURES for kind in ("png", "svg")),
]


rule evidence:
    """Judge every curve of one part of an experiment."""
    input:
        curves=part_curves,
        code=code("evidence.py", law_modules),
    output:
        "results/{experiment}/evidence/{part}.parquet",
    log:
        "results/{experiment}/logs/evidence/{part}.log",
    benchmark:
        "results/{experiment}/benchmarks/evidence/{part}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=judging_mb,
        runtime=judging_minutes,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
        evidence=lambda wildcards: experiment(wildcards).evidence,
    script:
        "../scripts/evidence.py"


rule multiverse:
    """Fit every curve of one part of an experiment under every reasonable analysis."""
    input:
        curves=part_curves,
        code=code("multiverse.py", law_modules),
    output:
        "results/{experiment}/multiverse/{part}.parquet",
    log:
        "results/{experiment}/logs/multiverse/{part}.log",
    benchmark:
        "results/{experiment}/benchmarks/multiverse/{part}.tsv"
    priority: 5
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=judging_mb,
        runtime=judging_minutes,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/multiverse.py"


rule evidence_summary:
    """Join the evidence of all parts."""
    input:
        evidence=lambda wildcards: all_parts(wildcards, "evidence/{part}.parquet"),
        multiverse=lambda wildcards: all_parts(wildcards, "multiverse/{part}.parquet"),
        code=code("evidence_summary.py"),
    output:
        summary="results/{experiment}/evidence.json",
        evidence="results/{experiment}/tables/evidence.csv",
        multiverse="results/{experiment}/tables/multiverse.csv",
    log:
        "results/{experiment}/logs/evidence_summary.log",
    benchmark:
        "results/{experiment}/benchmarks/evidence_summary.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    script:
        "../scripts/evidence_summary.py"


for FIGURE in EVIDENCE_FIGURES:

    # One rule per figure: Snakemake takes the path of a caption as it stands, without wildcards.
    rule:
        """Draw one figure of the multiverse, as PNG and SVG."""
        name:
            f"figure_{FIGURE}"
        input:
            multiverse=lambda wildcards: all_parts(
                wildcards, "multiverse/{part}.parquet"
            ),
            code=code(
                "evidence_figure.py",
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
            mem_mb=reading_mb,
            runtime=reading_minutes,
        params:
            figure=FIGURE,
            fitting=lambda wildcards: experiment(wildcards).fitting,
        script:
            "../scripts/evidence_figure.py"
