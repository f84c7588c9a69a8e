"""Fixed words for people, and how fetched words are made fit to stand beside them."""

import unicodedata
from datetime import date
from urllib.parse import urlsplit

from stemwatch.text import clean
from stemwatch.words import Product, Route

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PRODUCTS: dict[Product, str] = {
    "umbilical_cord": "umbilical cord",
    "adipose_svf": "fat-derived cells (SVF)",
    "amniotic": "amniotic tissue or fluid",
    "placenta": "placenta",
    "exosome": "exosomes",
    "bone_marrow": "bone marrow",
    "whartons_jelly": "Wharton's jelly",
    "cord_blood": "cord blood",
    "peripheral_blood": "peripheral blood",
    "other": "other cell or tissue products",
}
ROUTES: dict[Route, str] = {
    "intravenous": "into a vein",
    "intrathecal": "into the spinal canal",
    "intra_articular": "into a joint",
    "nebulised": "inhaled",
    "eye_drops": "eye drops",
    "intranasal": "into the nose",
}


def plain(text: str) -> str:
    """Fetched text as one harmless line: no controls, and no format characters (category Cf).

    Those are not seen, and can make a name read backwards or swallow the words after it.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return clean("".join(mark for mark in text if unicodedata.category(mark) != "Cf"))


def web(url: str) -> str:
    """The address when a reader may be sent there (http or https, with a host), else nothing."""
    if url != plain(url) or " " in url:
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname else ""


def day(value: date) -> str:
    """12 December 2024: read alike on both sides of the Atlantic."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
