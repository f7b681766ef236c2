"""What is said of a whole experiment: report, page, comparison, validation."""
