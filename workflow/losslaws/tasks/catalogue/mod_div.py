"""Modular division, a · b⁻¹ mod 97 with b from 1 to 96."""

import numpy as np

from losslaws.tasks.catalogue._modular import MODULUS, modular_task

INVERSES = np.array([0, *(pow(b, -1, MODULUS) for b in range(1, MODULUS))])

TASK = modular_task(lambda a, b: a * INVERSES[b], "/", least=1)
