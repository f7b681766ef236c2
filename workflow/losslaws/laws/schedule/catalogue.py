"""The laws of schedules by name."""

from losslaws.laws.schedule import chinchilla, functional, momentum, multi_power

SCHEDULE_LAWS = {law.name: law for law in (chinchilla.LAW, momentum.LAW, functional.LAW, multi_power.LAW)}
"""From the simplest to the one that the other analyses start from."""
