"""Training a small network on a task and recording its loss. The only part of the library that imports torch."""
