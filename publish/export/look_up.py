"""The look-up of a site without a server: its script searches the index that lies beside it."""

from publish.export.searching import BUNDLE, available
from publish.site.asking import Answer, Asked
from publish.site.templating import page

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'"
)


def look_up(asked: Asked) -> Answer:
    """The box, and where there is no search or no script, the way to the lists."""
    return page(asked, "static_look_up", policy=POLICY, searchable=available(), index=f"/{BUNDLE}/pagefind.js")
