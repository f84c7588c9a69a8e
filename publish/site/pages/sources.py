"""The sources: how each fares, the failing ones first, and the history of one."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

from publish.site.asking import Answer, Asked, Trouble
from publish.site.coverage import sources_of
from publish.site.templating import page
from publish.site.texts import texts
from stemwatch.cadence import BUSY
from stemwatch.views import SourceView
from stemwatch.words import VERDICTS

MOST_SPELLS = 50
MISSED = 3
"""Planned checks that have to fail in a row before the time without a good one is called a gap."""


def sources(asked: Asked) -> Answer:
    """Every source: those not read whole at their last check, those read whole, those never read."""
    views = sources_of(asked)
    return page(
        asked,
        "sources",
        here="sources",
        failing=_by_title(view for view in views if view.verdict not in ("ok", None)),
        healthy=_by_title(view for view in views if view.verdict == "ok"),
        unread=_by_title(view for view in views if view.verdict is None),
        verdicts=VERDICTS,
    )


def source(asked: Asked) -> Answer:
    """One source with its history of verdicts and its gaps."""
    name = asked.path["name"]
    view = next((view for view in sources_of(asked) if view.source == name), None)
    if view is None:
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "source")["unknown"])
    spells = asked.store.spells(name, MOST_SPELLS + 1)
    cadence = asked.site.every.get(name)
    return page(
        asked,
        "source",
        here="sources",
        view=view,
        source=asked.site.sources[name],
        spells=spells[:MOST_SPELLS],
        more_spells=len(spells) > MOST_SPELLS,
        hours=cadence.every.total_seconds() / 3600 if cadence else 0,
        busy=cadence.busy if cadence else (),
        busier=BUSY,
        gaps=asked.store.gaps(name, MISSED * cadence.every, MOST_SPELLS) if cadence else (),
    )


def _by_title(views: Iterable[SourceView]) -> Sequence[SourceView]:
    return sorted(views, key=lambda view: (view.regulator, view.title))
