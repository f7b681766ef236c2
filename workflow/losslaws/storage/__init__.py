"""Files that are whole or absent, and tables."""
