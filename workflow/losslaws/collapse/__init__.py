"""Collapse: do the loss curves of all sizes, each trained to its horizon, follow one curve?"""
