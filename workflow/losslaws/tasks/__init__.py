"""Synthetic tasks, one module each. A module defines ``TASK``; its file name is the task's name."""
