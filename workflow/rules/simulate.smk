rule simulate:
    """Simulate curves of one known law with one number of points, at every correlation and noise level."""
    input:
        code=code("simulate.py", stages.true_law_module),
    output:
        "results/{experiment}/curves/{group}.parquet",
    log:
        "results/{experiment}/logs/simulate/{group}.log",
    benchmark:
        "results/{experiment}/benchmarks/simulate/{group}.tsv"
    wildcard_constraints:
        experiment=PLAN.named(Simulation),
    group:
        "simulate"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        simulate=planned(stages.simulation_changes),
    script:
        "../scripts/simulate.py"
