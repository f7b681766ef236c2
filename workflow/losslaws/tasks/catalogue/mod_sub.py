"""Modular subtraction, (a − b) mod 97."""

from losslaws.tasks.catalogue._modular import modular_task

TASK = modular_task(lambda a, b: a - b, "−")
