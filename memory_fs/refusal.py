"""The one exception of the memory: an operation that was refused whole."""


class Refused(ValueError):
    """An operation cannot be done; nothing has changed.

    The message is written for the model that asked: what is wrong, and what to do instead.
    """
