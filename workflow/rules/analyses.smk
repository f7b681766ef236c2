for STEP in STEPS:

    rule:
        """Run one step of an analysis, as its declaration says."""
        name:
            STEP.name
        input:
            unpack(planned(lambda plan, wildcards, step=STEP: step.inputs(plan, wildcards))),
            code=code("step.py", lambda plan, wildcards, step=STEP: step.modules(plan, wildcards)),
        output:
            **{
                name: (
                    report(
                        path,
                        caption="../report/figure.rst",
                        category="{experiment}",
                        labels={"figure": STEP.name.removeprefix("figure_").replace("_", " ")},
                    )
                    if STEP.step.caption and path.endswith(".png")
                    else path
                )
                for name, path in STEP.outputs.items()
            },
        log:
            f"results/{{experiment}}/logs/{STEP.place}.log",
        benchmark:
            f"results/{{experiment}}/benchmarks/{STEP.place}.tsv"
        priority: STEP.step.priority
        group:
            STEP.group
        conda:
            "../../envs/environment.yaml"
        threads: 1
        resources:
            mem_mb=planned(resources.step_mb, STEP),
            runtime=planned(resources.step_minutes, STEP),
        params:
            analysis=STEP.analysis,
            settings_read=STEP.step.settings_read,
            run=STEP.step.run,
            caption=STEP.step.caption,
            changed=planned(lambda plan, wildcards, step=STEP: step.params(plan, wildcards)),
        script:
            "../scripts/step.py"


for RULES in sorted((SCRIPTS.parent / "losslaws/analyses").glob("*/rules.smk")):

    include: f"../losslaws/analyses/{RULES.parent.name}/rules.smk"
