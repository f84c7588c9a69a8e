"""Pages of plain words: what Stemwatch is, how it works, how to correct it, what it knows of its readers."""

from markupsafe import Markup, escape

from publish.site.asking import Answer, Asked, Page
from publish.site.site import Site
from publish.site.templating import page
from publish.site.texts import SHARED, texts
from stemwatch.wording import plain, web

LED_TO = ("about", "method", "corrections", "privacy", "sources", "data", "statistics", "screen", "look-up")
"""Pages that the words may name, as `{look_up}`: a link stands there."""


def reading(name: str) -> Page:
    """The page `languages/<language>/<name>.toml`: a title, a lead, and sections in the file's order."""

    def page_of_words(asked: Asked) -> Answer:
        site = asked.site
        links = {path.replace("-", "_"): _link(site, path) for path in LED_TO}
        return page(asked, name, here=name, links={**links, "contact": contact_link(site)})

    return page_of_words


def _link(site: Site, path: str) -> Markup:
    words = texts(site.language, SHARED)["nav." + path.replace("-", "_")]
    return Markup('<a href="{}">{}</a>').format(site.link(f"/{path}"), words)


def contact_link(site: Site) -> Markup:
    """Where the operator can be reached: a link when it is an address of the web or of mail."""
    contact = plain(site.contact)
    if not contact:
        return escape(texts(site.language, SHARED)["operator"])
    mail = "@" in contact and ":" not in contact and " " not in contact
    address = f"mailto:{contact}" if mail else web(contact)
    return Markup('<a href="{}">{}</a>').format(address, contact) if address else escape(contact)
