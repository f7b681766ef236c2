"""Laws in t, one module each; the file's name is the law's."""
