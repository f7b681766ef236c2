"""The one exception that means: what you gave us cannot be used, and here is what to do."""


class LosslawsError(Exception):
    """A problem in the user's input, described in one sentence.

    The sentence says what is wrong, where (file, key), what was expected and what to do. Programs show it without
    a traceback; any other exception is a bug of ours. Unprintable characters, such as line breaks in the name of a
    column, are escaped as in Python's string literals.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__("".join(letter if letter.isprintable() else _escaped(letter) for letter in sentence))


def _escaped(letter: str) -> str:
    return letter.encode("unicode_escape").decode("ascii")


INTERRUPTED = "stopped by Ctrl-C"
"""The beginning of the last sentence in the log of a job that the user interrupted."""
