rule import_curves:
    """Read recorded curves, or one chunk of them, from people's own files."""
    input:
        files=planned(Plan.import_files),
        code=code("import.py", stages.reader_modules),
    output:
        curves="results/{experiment}/curves/{group}.parquet",
        notes="results/{experiment}/imports/{group}.json",
    log:
        "results/{experiment}/logs/import/{group}.log",
    benchmark:
        "results/{experiment}/benchmarks/import/{group}.tsv"
    wildcard_constraints:
        experiment=PLAN.named(Imports),
    group:
        "import"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        source=planned(stages.import_changes),
        chunk=planned(stages.chunk),
    script:
        "../scripts/import.py"
