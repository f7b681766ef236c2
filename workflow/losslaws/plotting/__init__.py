"""Figures of a study, one module each. A module defines ``draw(runs, laws, skip)`` and returns a matplotlib figure."""
