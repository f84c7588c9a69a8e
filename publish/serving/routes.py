"""Every address of the site, and the page that is there."""

from collections.abc import Mapping

from publish.api.routes import API_ROUTES, API_TROUBLE
from publish.feeds.routes import FEED_ROUTES
from publish.site.asking import Route, TroublePage
from publish.site.pages import evidence, explore
from publish.site.pages.browse import browse, by_letter, by_month
from publish.site.pages.changes import changes
from publish.site.pages.clinics import clinic, clinics
from publish.site.pages.data import data, download, release
from publish.site.pages.errors import error_page
from publish.site.pages.front import front
from publish.site.pages.look_up import look_up
from publish.site.pages.notice import notice
from publish.site.pages.notices import notices
from publish.site.pages.reading import reading
from publish.site.pages.screen import MOST_BYTES, screen, screened
from publish.site.pages.sources import source, sources
from publish.site.pages.static import static
from publish.site.pages.statistics import statistics

PAGES = (
    Route("/", front),
    Route("/browse", browse),
    Route("/browse/clinics/{letter}", by_letter),
    Route("/browse/notices/{month}", by_month),
    Route("/look-up", look_up, cached=False, limit="search"),
    Route("/notices", notices, limit="search"),
    Route("/notices/{notice:path}", notice),
    Route("/evidence/{sha256}.warc.gz", evidence.evidence, headers=evidence.HEADERS),
    Route("/changes", changes),
    Route("/clinics", clinics, limit="search"),
    Route("/clinics/{clinic}", clinic),
    Route("/statistics", statistics),
    Route("/sources", sources),
    Route("/sources/{name}", source),
    Route("/data", data, cached=False),
    Route("/data/{release}", release, cached=False),
    Route("/data/{release}/{file}", download, cached=False),
    Route("/explore", explore.begin, cached=False),
    Route("/explore/{rest:path}", explore.explore, cached=False, headers=explore.HEADERS, limit="explore"),
    Route("/screen", screen),
    Route("/screen", screened, "POST", cached=False, most_bytes=MOST_BYTES, limit="screen"),
    Route("/about", reading("about")),
    Route("/method", reading("method")),
    Route("/corrections", reading("corrections")),
    Route("/privacy", reading("privacy")),
    Route("/static/{name}", static),
)
ROUTES: tuple[Route, ...] = (*PAGES, *FEED_ROUTES, *API_ROUTES)

TROUBLE: Mapping[str, TroublePage] = {"/": error_page, **API_TROUBLE}
"""How failures are worded, by how the address begins; the longest beginning counts."""


def trouble_at(path: str) -> TroublePage:
    """The wording that readers of the address expect."""
    return TROUBLE[max((start for start in TROUBLE if path.startswith(start)), key=len, default="/")]
