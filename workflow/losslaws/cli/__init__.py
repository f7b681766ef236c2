"""The commands of ``losslaws``, one module each."""
