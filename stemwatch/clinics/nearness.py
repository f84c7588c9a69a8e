"""How much alike two names are spelt. A likeness is a hint for a person, never a link."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz, process

from stemwatch.clinics.names import FirmName, significant

ALIKE = 0.8
"""From here on two names are worth a second look."""
CLOSE = 75.0
"""Percent from which a name may be meant by what somebody typed."""


def likeness(one: FirmName, other: FirmName) -> float:
    """0 to 1: mostly how alike the words are that set the names apart, and a little the names as a whole."""
    apart = fuzz.ratio(significant(one), significant(other))
    return (0.7 * apart + 0.3 * fuzz.ratio(one.joined, other.joined)) / 100


def closest(typed: str, names: Sequence[str], most: int) -> Iterable[tuple[str, float]]:
    """The names spelt most like what was typed, with 0 to 1, best first. All are folded and without blanks."""
    found = process.extract(typed, names, scorer=fuzz.WRatio, limit=most, score_cutoff=CLOSE)
    return [(name, score / 100) for name, score, _ in found]
