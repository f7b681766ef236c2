"""The public names of the library."""

from importlib.metadata import version

from losslaws.curves import Curve, read_curves, write_curves
from losslaws.errors import LosslawsError
from losslaws.fitting.fit_table import fit_curves
from losslaws.registry import LAWS, TASKS

__version__ = version("losslaws")

__all__ = ["LAWS", "TASKS", "Curve", "LosslawsError", "__version__", "fit_curves", "read_curves", "write_curves"]
