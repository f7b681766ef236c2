rule fit:
    """Fit every law to every curve of a group."""
    input:
        curves=group_curves,
        code=code("fit.py", law_modules),
    output:
        "results/{experiment}/fits/{group}.parquet",
    log:
        "results/{experiment}/logs/fit/{group}.log",
    benchmark:
        "results/{experiment}/benchmarks/fit/{group}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    params:
        fitting=lambda wildcards: experiment(wildcards).fitting,
    script:
        "../scripts/fit.py"


rule fits:
    """Every fit of the experiments in `run`."""
    input:
        [path for name in config["run"] for path in fit_tables(EXPERIMENTS[name])],
