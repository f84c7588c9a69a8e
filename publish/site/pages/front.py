"""The front: a box to look something up, and what is new."""

from publish.site.asking import Answer, Asked
from publish.site.templating import page
from stemwatch.store import Search

NEWEST = 12


def front(asked: Asked) -> Answer:
    """What regulators said last about such treatments, whatever the source."""
    newest = asked.store.notices(Search(relevance="relevant")).first(NEWEST)
    return page(asked, "front", notices=newest)
