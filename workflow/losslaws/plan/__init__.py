"""What the workflow builds, from what, and for which price."""
