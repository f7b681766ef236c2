"""Readers of training logs: one module per format, each with a ``READER``; the file's name is the format's name."""
