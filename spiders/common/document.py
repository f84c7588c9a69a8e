"""A notice's page that is a document, such as a PDF: its text."""

import msgspec

from spiders.common.fetching import Response, header
from spiders.common.html import is_bot_page, is_html
from spiders.common.stop import Stop, Unusable
from stemwatch.documents import Unreadable, read
from stemwatch.records import Page


def read_document(response: Response, page: Page) -> Page:
    """`page` with the text of a document. Stop for a page that asks for a browser, Unusable for a web page in
    place of the document and for a document without text."""
    if is_html(response.body):
        if is_bot_page(response.body):
            raise Stop("blocked", f"{response.url} was answered with a page that asks for a browser.")
        raise Unusable("layout_changed", f"{response.url} is a web page where a document was due.")
    try:
        document = read(response.body, media_type=header(response, "Content-Type"), name=response.url)
    except Unreadable as error:
        raise Unusable("layout_changed", str(error)) from None
    return msgspec.structs.replace(page, text=document.text)
