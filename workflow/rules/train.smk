rule train:
    """Train one task at one width, every seed, and record the loss of each epoch."""
    input:
        data="results/{experiment}/data/{task}.parquet",
        code=code("train.py", stages.training_modules),
    output:
        "results/{experiment}/curves/{task}_w{width}.parquet",
    log:
        "results/{experiment}/logs/train/{task}_w{width}.log",
    benchmark:
        "results/{experiment}/benchmarks/train/{task}_w{width}.tsv"
    wildcard_constraints:
        # A name that no experiment has comes here too, to be told so.
        experiment=f"(?!(?:{PLAN.named(Imports, Simulation)})/)[A-Za-z0-9][A-Za-z0-9_-]*",
    priority: planned(resources.priority)
    group:
        "train"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=planned(resources.training_mb),
        runtime=planned(resources.training_minutes),
    params:
        seeds=planned(stages.seeds),
        training=planned(stages.training_changes),
    script:
        "../scripts/train.py"


rule curves:
    """Every curve of the experiments in `run`."""
    input:
        [path for name in PLAN.run for path in PLAN.curves({"experiment": name})],
