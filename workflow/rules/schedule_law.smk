ANALYSIS_FILES["schedule_law"] = [
    "schedule_law.json",
    "tables/schedule_law.csv",
    "tables/schedule.csv",
    *(
        f"figures/{name}.{kind}"
        for name in ("schedule_law", "schedule_design")
        for kind in ("png", "svg")
    ),
]


rule schedule_law:
    """Fit laws of schedules, predict other schedules, and choose one."""
    input:
        curves=curve_files,
        code=code("schedule_law.py"),
    output:
        found="results/{experiment}/schedule_law.json",
        scores="results/{experiment}/tables/schedule_law.csv",
        schedule="results/{experiment}/tables/schedule.csv",
    log:
        "results/{experiment}/logs/schedule_law.log",
    benchmark:
        "results/{experiment}/benchmarks/schedule_law.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    params:
        schedule_law=lambda wildcards: experiment(wildcards).schedule_law,
    script:
        "../scripts/schedule_law.py"


rule figure_schedule_law:
    """Draw measured and predicted losses with their schedules."""
    input:
        found="results/{experiment}/schedule_law.json",
        code=code(
            "schedule_law_figure.py",
            lambda wildcards: ["losslaws.analyses.schedule_law.figure_law"],
        ),
    output:
        report(
            "results/{experiment}/figures/schedule_law.png",
            caption="../report/schedule_law.rst",
            category="{experiment}",
            labels={"figure": "schedule_law"},
        ),
        "results/{experiment}/figures/schedule_law.svg",
    log:
        "results/{experiment}/logs/figure/schedule_law.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/schedule_law.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    script:
        "../scripts/schedule_law_figure.py"


rule figure_schedule_design:
    """Draw the schedule that the best law chooses, and the final losses that it predicts."""
    input:
        found="results/{experiment}/schedule_law.json",
        code=code(
            "schedule_design_figure.py",
            lambda wildcards: ["losslaws.analyses.schedule_law.figure_design"],
        ),
    output:
        report(
            "results/{experiment}/figures/schedule_design.png",
            caption="../report/schedule_design.rst",
            category="{experiment}",
            labels={"figure": "schedule design"},
        ),
        "results/{experiment}/figures/schedule_design.svg",
    log:
        "results/{experiment}/logs/figure/schedule_design.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/schedule_design.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    script:
        "../scripts/schedule_design_figure.py"
