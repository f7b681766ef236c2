"""The laws of schedules by name."""

from losslaws.laws.schedule import chinchilla, functional, momentum, multi_power
from losslaws.laws.schedule.history import History
from losslaws.laws.separable import SeparableLaw

ScheduleLaw = SeparableLaw[History]

SCHEDULE_LAWS: dict[str, ScheduleLaw] = {
    law.name: law for law in (chinchilla.LAW, momentum.LAW, functional.LAW, multi_power.LAW)
}
"""From the simplest to the one that the other analyses start from."""


def drop_terms(law: ScheduleLaw) -> tuple[str, ...]:
    """Return the amplitudes of what drops of the learning rate gain: all after the level and the power of time.

    A law without any gives every schedule the same loss.
    """
    return law.amplitudes[2:]
