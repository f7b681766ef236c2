"""The version of the library: in full, and its release alone, which is what result files hold.

Between two releases the version changes with every commit. Were it in results, they would change with every commit too.
"""

import re
from importlib import metadata

UNRELEASED = re.compile(r"(\.post\d+)?(\.dev\d+)?(\+.*)?$")


def version() -> str:
    """Return the installed version, or ``"unknown"`` for a tree that is used without having been installed."""
    try:
        return metadata.version("losslaws")
    except metadata.PackageNotFoundError:
        return "unknown"


def release() -> str:
    """Return the release that the installed version builds on: ``"0.1.0"`` for ``"0.1.0.post1.dev7+g33d5a38"``."""
    return UNRELEASED.sub("", version())
