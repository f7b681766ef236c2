"""How sure can one be? Evidence that survives correlated residuals, bounds and analysis choices."""
