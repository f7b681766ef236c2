"""Forecasts of loss curves: a combination of laws with calibrated intervals, and its back-test."""
