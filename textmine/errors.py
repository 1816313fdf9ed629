"""The one kind of error that users see: what is wrong, where, and what to do about it."""

import difflib
from collections.abc import Iterable


class TextmineError(Exception):
    """Something in the input, the options or the surroundings that the user can put right.

    The command line prints the message alone and exits with code 2.
    """


class Attention(UserWarning):
    """Something that went on but needs a look; the command line exits with code 1."""


def did_you_mean(wrong: str, allowed: Iterable[str]) -> str:
    """Say which names are allowed, the nearest first: `did you mean 'role'? allowed: …`."""
    names = [str(name) for name in allowed]
    near = difflib.get_close_matches(wrong, names, n=1)
    hint = f"did you mean '{near[0]}'? " if near else ""
    return f"{hint}allowed: {', '.join(names) or '(none)'}"
