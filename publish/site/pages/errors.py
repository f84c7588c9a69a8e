"""What a reader sees when a page cannot be shown: what is wrong, and the way out."""

from http import HTTPStatus

from publish.site.asking import Answer
from publish.site.site import Site
from publish.site.templating import rendered
from publish.site.texts import texts


def error_page(site: Site, status: HTTPStatus, sentence: str) -> Answer:
    """A page that needs no data. Without a `sentence` it says what there is to say of the status."""
    words = texts(site.language, "error")
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    title = words.get(f"title_{status}", words["title_500" if ours else "title_400"])
    body = rendered(site, "error", title=title, sentence=sentence or words.get(f"help_{status}", ""))
    return Answer(body.encode(), status=status)
