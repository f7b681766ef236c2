"""Curves that are computed and not measured."""
