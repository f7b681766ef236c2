"""Laws of size, data and compute."""
