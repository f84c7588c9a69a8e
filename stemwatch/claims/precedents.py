"""Which notice is the best precedent for a claim: a pure order that a reader can follow.

A precedent acted on a claim of the same category. Of those come first: the same disease, then one of the same
group; the same product; the same route; a notice that is relevant before one that is possible; the stronger
action; the newer one. Each notice stands once, with the quote of it that is nearest.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from stemwatch.claims.records import Claim
from stemwatch.words import LABELS

_STRENGTH = {
    "conviction": 5,
    "indictment": 5,
    "injunction": 5,
    "judgment": 5,
    "order": 5,
    "sentence": 5,
    "complaint": 4,
    "fine": 4,
    "infringement": 4,
    "lawsuit": 4,
    "seizure": 4,
    "settlement": 4,
    "suspension": 4,
    "warning": 3,
    "untitled": 2,
}
_SOME = 1


class Indexed(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a notice quotes, at `start` to `end` of its text. `standing` is that of its notice."""

    notice: int
    disease: str
    product: str
    route: str
    start: int
    end: int
    standing: str


def standing(label: str, kind: str, issued_on: date | str | None) -> str:
    """What a notice weighs as a precedent, as text that sorts: relevance, strength of the action, day."""
    strength = max((_STRENGTH.get(word, _SOME) for word in kind.split("_")), default=_SOME)
    return f"{len(LABELS) - LABELS.index(label)}{strength}{issued_on or ''}"


def closeness(claim: Claim, indexed: Indexed, groups: Mapping[str, str]) -> tuple[int, int, int, str]:
    """How near a quoted claim of the same category is: disease, product, route, standing; more is nearer."""
    return (
        _disease(claim.disease, indexed.disease, groups),
        int(indexed.product == claim.product),
        int(indexed.route == claim.route),
        indexed.standing,
    )


def _disease(wanted: str, found: str, groups: Mapping[str, str]) -> int:
    if wanted == found:
        return 2
    return int(bool(wanted and found) and groups.get(wanted, wanted) == groups.get(found, found))


def nearest(
    claim: Claim, candidates: Iterable[Indexed], groups: Mapping[str, str], most: int
) -> tuple[Indexed, ...]:
    """The best of some quoted claims of the same category, at most one a notice."""
    best: dict[int, Indexed] = {}
    ordered = sorted(candidates, key=lambda found: (found.notice, found.start))
    for found in sorted(ordered, key=lambda found: closeness(claim, found, groups), reverse=True):
        best.setdefault(found.notice, found)
    return tuple(best.values())[:most]
