"""Pictures on a page: each drawn twice, for wide and for narrow screens, of which the style sheet shows one."""

from collections.abc import Callable
from typing import NamedTuple

from markupsafe import Markup

from publish.charts import Caption

BROAD, NARROW = 880.0, 330.0


class Picture(NamedTuple):
    """One picture in both widths, as markup."""

    broad: Markup
    narrow: Markup


def picture(caption: Caption, draw: Callable[[Caption, float], str]) -> Picture:
    """What `draw` makes of a caption and a width."""
    narrow = caption._replace(key=f"{caption.key}-narrow")
    return Picture(Markup(draw(caption, BROAD)), Markup(draw(narrow, NARROW)))  # noqa: S704 - written by our XML
