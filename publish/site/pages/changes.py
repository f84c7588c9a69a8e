"""What happened, in the order in which it was seen."""

import msgspec

from publish.site.asking import Answer, Asked
from publish.site.parameters import a_number, one_of
from publish.site.templating import page
from stemwatch.store.views import forgotten
from stemwatch.views import ChangeView

AT_ONCE = 50


class Change(msgspec.Struct, frozen=True):
    """A change with who published its notice, and in which language."""

    view: ChangeView
    regulator: str
    language: str


def changes(asked: Asked) -> Answer:
    """With `since` what came after that cursor, oldest first; else the newest first, or those `before` one."""
    everything = one_of(asked, "about", ("all",)) is not None
    since, before = a_number(asked, "since", -1), a_number(asked, "before", -1)
    forward = since >= 0
    if forward:
        found = asked.store.changes_after(since, AT_ONCE + 1, everything=everything)
    else:
        found = asked.store.changes_before(before if before >= 0 else None, AT_ONCE + 1, everything=everything)
    shown = found[:AT_ONCE]
    return page(
        asked,
        "changes",
        changes=[worded(asked, change) for change in shown],
        forward=forward,
        newest=before < 0 and not forward,
        everything=everything,
        onward=shown[-1].change if len(found) > AT_ONCE else None,
        cursor=max((change.change for change in shown), default=max(since, 0)),
    )


def worded(asked: Asked, change: ChangeView) -> Change:
    """The change as it is shown in a list."""
    source = asked.site.sources.get(change.source) or forgotten(change.source)
    return Change(change, source.regulator, source.language)
