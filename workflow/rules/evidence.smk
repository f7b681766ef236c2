EVIDENCE_FIGURES = ["specification_curve", "winner_map"]

ANALYSIS_FILES["evidence"] = [
    "evidence.json",
    "tables/evidence.csv",
    "tables/multiverse.csv",
    *(f"figures/{name}.{kind}" for name in EVIDENCE_FIGURES for kind in ("png", "svg")),
]


rule evidence:
    """Judge every curve of one part of an experiment, also under every reasonable analysis."""
    input:
        curves=lambda wildcards: part_files(wildcards, "curves/{group}.parquet"),
        code=code("evidence.py", law_modules),
    output:
        evidence="results/{experiment}/evidence/{part}.parquet",
        multiverse="results/{experiment}/multiverse/{part}.parquet",
    log:
        "results/{experiment}/logs/evidence/{part}.log",
    benchmark:
        "results/{experiment}/benchmarks/evidence/{part}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=60,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
        evidence=lambda wildcards: experiment(wildcards).evidence,
    script:
        "../scripts/evidence.py"


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
        mem_mb=1000,
        runtime=10,
    script:
        "../scripts/evidence_summary.py"


rule evidence_figure:
    """Draw one figure of the multiverse, as PNG and SVG."""
    input:
        multiverse=lambda wildcards: all_parts(wildcards, "multiverse/{part}.parquet"),
        code=code(
            "evidence_figure.py",
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
        figure="|".join(EVIDENCE_FIGURES),
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/evidence_figure.py"
