"""What a check says."""

from typing import Literal

import msgspec

State = Literal["ok", "warning", "trouble"]


class Finding(msgspec.Struct, frozen=True):
    """What one check saw, and the way out where something is wrong."""

    check: str
    state: State
    said: str


def number(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"
