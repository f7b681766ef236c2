"""The one exception that means: what you gave us cannot be used, and here is what to do."""


class LosslawsError(Exception):
    """A problem in the user's input, told in one sentence.

    The sentence says what is wrong, where (file, key), what was expected and what to do. Programs show it without
    a traceback; any other exception is a bug of ours.
    """
