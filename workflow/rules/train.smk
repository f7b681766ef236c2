rule train:
    """Train one task at one width, every seed, and record the loss of each epoch."""
    input:
        data="results/{experiment}/data/{task}.parquet",
        code=code("train.py", task_module),
    output:
        "results/{experiment}/curves/{task}_w{width}.parquet",
    log:
        "results/{experiment}/logs/train/{task}_w{width}.log",
    benchmark:
        "results/{experiment}/benchmarks/train/{task}_w{width}.tsv"
    wildcard_constraints:
        # A name that no experiment has comes here too, to be told so.
        experiment=f"(?!(?:{from_source('import', 'simulation')})/)[A-Za-z0-9][A-Za-z0-9_-]*",
    priority: longest_first
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=training_mb,
        runtime=training_minutes,
    params:
        seeds=lambda wildcards: experiment(wildcards).seeds,
        training=lambda wildcards: experiment(wildcards).training,
    script:
        "../scripts/train.py"


rule curves:
    """Every curve of the experiments in `run`."""
    input:
        [path for name in config["run"] for path in curve_tables(EXPERIMENTS[name])],
