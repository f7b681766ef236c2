"""Analyses of curves and fits, one module each. A module defines ``ANALYSIS``; its file name is the analysis' name."""
