"""Ways of computing a training step."""
