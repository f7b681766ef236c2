"""Tasks, one module each; the file's name is the task's."""
