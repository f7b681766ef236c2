"""Modular subtraction, (a − b) mod 97."""

from losslaws.tasks._modular import modular_task

TASK = modular_task(lambda a, b: a - b, "−")
