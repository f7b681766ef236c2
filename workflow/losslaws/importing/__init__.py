"""Import of people's own loss curves: files found, columns guessed, rows collected into curves."""
