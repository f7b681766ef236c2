"""What surrounds the work of a job: logs, records, locks, failures."""
