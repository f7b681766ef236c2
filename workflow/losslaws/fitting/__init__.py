"""Fitting laws to curves by variable projection: for given shapes, a and L∞ follow from linear least squares."""
