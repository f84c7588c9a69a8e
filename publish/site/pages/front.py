"""The front: a box to look something up, what is new, how the sources fare, and where to go on."""

from publish.site.asking import Answer, Asked
from publish.site.pages.changes import worded
from publish.site.templating import page
from stemwatch.store import Search

NEWEST = 8


def front(asked: Asked) -> Answer:
    """What regulators did last about such treatments; and the newest notices that this does not show already."""
    changes = asked.store.changes_before(None, NEWEST)
    told = {change.notice for change in changes}
    newest = asked.store.notices(Search(relevance="relevant")).first(NEWEST + len(told))
    notices = [view for view in newest if view.notice not in told][:NEWEST]
    return page(asked, "front", changes=[worded(asked, change) for change in changes], notices=notices)
