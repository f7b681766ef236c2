"""The one constant of the transformer that a configuration is checked against."""

HEADS = 4
"""Attention heads of the transformer; its width is a multiple of them."""
