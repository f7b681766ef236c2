"""What comes next: a combination of laws with calibrated intervals, and its back-test."""
