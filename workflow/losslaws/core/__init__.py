"""What every other layer builds on: errors, names of types, shares with intervals, registries."""
