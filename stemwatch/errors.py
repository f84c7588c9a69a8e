"""Errors that are told to a person as one sentence, without a traceback."""


class StemwatchError(Exception):
    """Something failed; the message names it and the way out. The command line ends with `exit_code`."""

    exit_code = 1


class UsageError(StemwatchError):
    """The request itself is wrong: an unknown word, key, source or file."""

    exit_code = 2
