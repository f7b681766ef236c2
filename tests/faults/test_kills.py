"""Kill a run at random moments in every stage, go on, and compare with a run that nobody disturbed."""

import random
from itertools import count

from contents import contents, differences
from interruptions import HOWS, STAGES, Moment, interrupt

from losslaws.jobs.lock import remove_stale_lock

KILLS = 50
SEED = 8


def plans(random_numbers, seconds):
    """Yield the moments of one study after another, for ever: one in each stage, in the order of the stages.

    In four studies each stage meets all ways to be killed. `seconds` is how long a job takes.
    """
    for study in count():
        yield [
            Moment(
                how=HOWS[(study + stage) % len(HOWS)],
                stage=stage,
                delay=random_numbers.uniform(0.0, seconds),
                which=random_numbers.random(),
            )
            for stage in range(-1, len(STAGES))
        ]


def kill_and_finish(study, plan, uninterrupted):
    """Interrupt a study at every moment of a plan, then finish it; return what was killed, and when."""
    killed = []
    for moment in plan:
        what = interrupt(study, moment)
        assert differences(study, uninterrupted) == [], (moment, what)
        remove_stale_lock(study.folder)
        if what is None:
            break
        killed.append((moment, what))
        print(moment, what)
    study.build()
    assert contents(study) == contents(uninterrupted), killed
    return killed


def test_fifty_times_a_killed_run_goes_on_to_the_content_of_an_undisturbed_one(fresh, uninterrupted, seconds_of_a_job):
    killed = []
    for number, plan in enumerate(plans(random.Random(SEED), seconds_of_a_job)):
        killed += kill_and_finish(fresh(f"study{number}"), plan, uninterrupted)
        print(f"{len(killed)} kills, all with equal content")
        stages = {moment.stage for moment, _ in killed}
        if len(killed) >= KILLS and len(stages) == 1 + len(STAGES):
            break
    assert {moment.how for moment, _ in killed} == set(HOWS)
