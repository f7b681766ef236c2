"""Losses that training minimises, one module each. A module defines ``CRITERION``; a task names it as its ``loss``."""
