rule data:
    """Draw the data set of a task for every seed of an experiment."""
    input:
        code=code("data.py", task_module),
    output:
        "results/{experiment}/data/{task}.parquet",
    log:
        "results/{experiment}/logs/data/{task}.log",
    benchmark:
        "results/{experiment}/benchmarks/data/{task}.tsv"
    priority: longest_first
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=5,
    params:
        seeds=lambda wildcards: experiment(wildcards).seeds,
        train_fraction=training_share,
    script:
        "../scripts/data.py"
