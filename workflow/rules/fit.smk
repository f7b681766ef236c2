rule fit:
    """Fit every law to every curve of a group."""
    input:
        curves=planned(Plan.curves),
        code=code("fit.py", stages.law_modules),
    output:
        "results/{experiment}/fits/{group}.parquet",
    log:
        "results/{experiment}/logs/fit/{group}.log",
    benchmark:
        "results/{experiment}/benchmarks/fit/{group}.tsv"
    group:
        "fit"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=planned(resources.reading_mb),
        runtime=planned(resources.reading_minutes),
    params:
        fitting=planned(stages.fitting_changes),
    script:
        "../scripts/fit.py"


rule fits:
    """Every fit of the experiments in `run`."""
    input:
        [path for name in PLAN.run for path in PLAN.fits({"experiment": name})],
