"""Laws of loss under a learning-rate schedule: fitted on some runs, they predict others and design new schedules."""
