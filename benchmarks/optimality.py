"""Does multi-start ``curve_fit`` ever end lower? Random curves and the default study's laws, in the same bounds.

Usage: ``OMP_NUM_THREADS=1 python benchmarks/optimality.py [curves] [first seed] [points]``. The curves and the
comparison are those of ``tests/unit/test_fitting_against_scipy.py``, which checks the first hundred: grids of every
kind, 5 to 200 points or as many as said, laws, steps, noise and walks; `curve_fit` starts from the four best local
optima of a fine grid of shapes. Lower means by more than 1e-9 of the residual sum of squares and more than 1e-20 of the
curve's sum of squares. Prints every counter-example, then how many fits were compared, how many were higher, and how
many out of bounds.
"""

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "unit"))

from builders import PAPER_LAWS
from test_fitting_against_scipy import check


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    points = int(sys.argv[3]) if len(sys.argv) > 3 else None
    started = time.process_time()
    found: Counter[str] = Counter()
    for seed in range(first, first + count):
        for name in PAPER_LAWS:
            complaint = check(name, seed, points)
            if complaint:
                print(complaint, flush=True)
                found["out of bounds" if "is outside" in complaint or "amplitude" in complaint else "higher"] += 1
    seconds = time.process_time() - started
    print(f"{count} curves × {len(PAPER_LAWS)} laws, {seconds:.0f} s of CPU time")
    print(f"{found['higher']} fits end higher than curve_fit, {found['out of bounds']} are out of bounds")


if __name__ == "__main__":
    main()
