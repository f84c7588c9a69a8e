"""Figures over everything that is stored, and how a source fared over time. Pure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from stemwatch.views import View
from stemwatch.words import Product, Stage, Verdict


class Counted(View, frozen=True):
    """So many notices of one month (`2025-01`, empty when undated), source and kind."""

    month: str
    source: str
    kind: str
    notices: int


class Delay(View, frozen=True):
    """Days from issue to posting over the notices that have both dates: `notices` of them, and their quartiles."""

    notices: int
    lower: float
    median: float
    upper: float


class Held(View, frozen=True):
    """What is held of one source: notices, the first and last day they bear, how many of them with their text."""

    source: str
    notices: int
    relevant: int
    first_on: date | None
    last_on: date | None
    with_text: int


class Statistics(View, frozen=True):
    """`actions`, `products`, `stages` and both delays count relevant notices only, `held` counts all.

    `delays` are by source, `delays_by_year` by the year of issue; `reversed_dates` are notices that say they were
    posted before they were issued: they have no delay.
    """

    actions: tuple[Counted, ...]
    products: dict[Product, int]
    stages: dict[Stage | str, int]
    delays: dict[str, Delay]
    delays_by_year: dict[int, Delay]
    reversed_dates: int
    held: tuple[Held, ...]


class Spell(View, frozen=True):
    """Runs of a source in a row that had one verdict; `reason` is that of the last."""

    verdict: Verdict
    since: datetime
    until: datetime
    runs: int
    reason: str


class Gap(View, frozen=True):
    """A time between two good checks that was longer than it should be."""

    since: datetime
    until: datetime


def delay(counts: Iterable[tuple[int, int]]) -> Delay | None:
    """The quartiles of days that come as (days, how many notices); None without any."""
    ordered = sorted(counts)
    total = sum(number for _, number in ordered)
    if not total:
        return None
    lower, median, upper = (_quantile(ordered, total, share) for share in (0.25, 0.5, 0.75))
    return Delay(notices=total, lower=lower, median=median, upper=upper)


def _quantile(ordered: Sequence[tuple[int, int]], total: int, share: float) -> float:
    """Linear between the two nearest ranks, as `statistics.quantiles(method="inclusive")` has it."""
    place = share * (total - 1)
    low, rest = int(place), place % 1
    here = _ranked(ordered, low)
    return here + rest * (_ranked(ordered, min(low + 1, total - 1)) - here)


def _ranked(ordered: Sequence[tuple[int, int]], rank: int) -> int:
    """The value at a rank counted from 0."""
    for value, number in ordered:
        if rank < number:
            return value
        rank -= number
    raise IndexError(rank)
