"""Claims of a text put together with the notices of a store that acted on the like."""

from collections.abc import Iterable, Sequence

from publish.screening.records import Cited, Coverage, Point
from stemwatch.claims.records import Claim
from stemwatch.store import Store
from stemwatch.views import SourceView


def with_precedents(store: Store, found: Sequence[Claim], most: int) -> list[Point]:
    """Each claim with at most so many precedents, the nearest first."""
    nearest = store.precedents(found, most=most)
    notices = store.notices_named({precedent.notice for some in nearest for precedent in some})
    return [
        Point(claim, tuple(Cited(precedent, notices[precedent.notice]) for precedent in some))
        for claim, some in zip(found, nearest, strict=True)
    ]


def looked_at(views: Iterable[SourceView]) -> Coverage:
    """What precedents are looked for in, given every source."""
    held = [view for view in views if view.notices]
    days = [view.newest_on for view in held if view.newest_on]
    return Coverage(sum(view.notices for view in held), len(held), max(days, default=None))
