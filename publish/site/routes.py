"""Every address of the site, and the page that is there."""

from collections.abc import Mapping

from publish.site.asking import Route, TroublePage
from publish.site.pages.browse import browse, by_letter, by_month
from publish.site.pages.errors import error_page
from publish.site.pages.front import front
from publish.site.pages.static import static

PAGES = (
    Route("/", front),
    Route("/browse", browse),
    Route("/browse/clinics/{letter}", by_letter),
    Route("/browse/notices/{month}", by_month),
    Route("/static/{name}", static),
)
ROUTES: tuple[Route, ...] = (*PAGES,)

TROUBLE: Mapping[str, TroublePage] = {"/": error_page}
"""How failures are worded, by how the address begins; the longest beginning counts."""


def trouble_at(path: str) -> TroublePage:
    """The wording that readers of the address expect."""
    return TROUBLE[max((start for start in TROUBLE if path.startswith(start)), key=len, default="/")]
