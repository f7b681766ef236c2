rule data:
    """Draw the data set of a task for every seed of an experiment."""
    input:
        code=code("data.py", stages.task_module),
    output:
        "results/{experiment}/data/{task}.parquet",
    log:
        "results/{experiment}/logs/data/{task}.log",
    benchmark:
        "results/{experiment}/benchmarks/data/{task}.tsv"
    priority: planned(resources.priority)
    group:
        "data"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        seeds=planned(stages.seeds),
        train_fraction=planned(stages.train_fraction),
    script:
        "../scripts/data.py"
