ANALYSIS_FILES["backtest"] = [
    "tables/backtest.csv",
    "tables/backtest_summary.csv",
    *(f"figures/backtest.{kind}" for kind in ("png", "svg")),
]
ANALYSIS_FILES["forecast"] = [
    "forecasts.json",
    "tables/forecasts.csv",
    *(f"figures/forecasts.{kind}" for kind in ("png", "svg")),
]


rule attempts:
    """Foretell the ends of the curves of one part from their starts."""
    input:
        curves=part_curves,
        code=code("attempts.py", forecast_law_modules),
    output:
        "results/{experiment}/attempts/{part}.parquet",
    log:
        "results/{experiment}/logs/attempts/{part}.log",
    benchmark:
        "results/{experiment}/benchmarks/attempts/{part}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=judging_mb,
        runtime=judging_minutes,
    params:
        forecast=lambda wildcards: experiment(wildcards).forecast,
    script:
        "../scripts/attempts.py"


rule backtest:
    """Score errors and intervals, each curve calibrated on the others."""
    input:
        attempts=lambda wildcards: all_parts(wildcards, "attempts/{part}.parquet"),
        code=code("backtest.py"),
    output:
        rows="results/{experiment}/tables/backtest.csv",
        summary="results/{experiment}/tables/backtest_summary.csv",
    log:
        "results/{experiment}/logs/backtest.log",
    benchmark:
        "results/{experiment}/benchmarks/backtest.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    script:
        "../scripts/backtest.py"


rule figure_backtest:
    """Draw errors, coverage and widths by what was seen of a curve."""
    input:
        table="results/{experiment}/tables/backtest_summary.csv",
        code=code("table_figure.py", lambda wildcards: ["losslaws.analyses.backtest.figure"]),
    output:
        report(
            "results/{experiment}/figures/backtest.png",
            caption="../report/backtest.rst",
            category="{experiment}",
            labels={"figure": "backtest"},
        ),
        "results/{experiment}/figures/backtest.svg",
    log:
        "results/{experiment}/logs/figure/backtest.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/backtest.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        figure="backtest",
    script:
        "../scripts/table_figure.py"


rule forecast:
    """Forecast the curves of one part, with intervals calibrated on the back-test of all."""
    input:
        curves=part_curves,
        attempts=lambda wildcards: all_parts(wildcards, "attempts/{part}.parquet"),
        code=code("forecast.py", forecast_law_modules),
    output:
        "results/{experiment}/forecasts/{part}.json",
    log:
        "results/{experiment}/logs/forecast/{part}.log",
    benchmark:
        "results/{experiment}/benchmarks/forecast/{part}.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=judging_mb,
        runtime=judging_minutes,
    params:
        forecast=lambda wildcards: experiment(wildcards).forecast,
    script:
        "../scripts/forecast.py"


rule forecasts:
    """Join the forecasts of all parts."""
    input:
        forecasts=lambda wildcards: all_parts(wildcards, "forecasts/{part}.json"),
        code=code("forecasts.py"),
    output:
        whole="results/{experiment}/forecasts.json",
        table="results/{experiment}/tables/forecasts.csv",
    log:
        "results/{experiment}/logs/forecasts.log",
    benchmark:
        "results/{experiment}/benchmarks/forecasts.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=reading_mb,
        runtime=reading_minutes,
    script:
        "../scripts/forecasts.py"


rule figure_forecasts:
    """Draw the first forecasts."""
    input:
        forecasts="results/{experiment}/forecasts.json",
        code=code(
            "forecasts_figure.py", lambda wildcards: ["losslaws.analyses.forecast.figure"]
        ),
    output:
        report(
            "results/{experiment}/figures/forecasts.png",
            caption="../report/forecasts.rst",
            category="{experiment}",
            labels={"figure": "forecasts"},
        ),
        "results/{experiment}/figures/forecasts.svg",
    log:
        "results/{experiment}/logs/figure/forecasts.log",
    benchmark:
        "results/{experiment}/benchmarks/figure/forecasts.tsv"
    conda:
        "../../envs/environment.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    script:
        "../scripts/forecasts_figure.py"
