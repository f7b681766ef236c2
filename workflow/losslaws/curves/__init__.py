"""Loss curves: the record, its table, its vocabulary."""
