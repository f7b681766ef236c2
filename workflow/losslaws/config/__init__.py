"""The configuration: typed records, merging, and one sentence for every mistake."""
