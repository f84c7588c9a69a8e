"""The fixed words that people read, and how fetched words are made fit to stand beside them."""

import unicodedata
from datetime import date, datetime, tzinfo
from urllib.parse import urlsplit

from stemwatch.text import clean
from stemwatch.words import Cause, Label, Product, Verb, Verdict

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

# What is told first when one notice had several changes.
LEAD: tuple[Verb, ...] = (
    "added", "reissued", "relisted", "delisted", "closed_out", "responded", "edited", "baseline"
)  # fmt: skip
SECTIONS: dict[str, tuple[Verb, ...]] = {
    "New": ("added",),
    "Changed": ("reissued", "relisted", "delisted", "responded", "edited"),
    "Closed out": ("closed_out",),
    "Already listed when watching began": ("baseline",),
}
COUNTED: dict[Verb, str] = {
    "added": "new",
    "closed_out": "closed out",
    "responded": "with a response",
    "reissued": "reissued",
    "delisted": "no longer listed",
    "relisted": "listed again",
    "edited": "edited",
    "baseline": "already listed",
}
LABELS: dict[Label, str] = {
    "relevant": "Relevant to stem cell, exosome or birth-tissue treatments",
    "possible": "Possibly about stem cell, exosome or birth-tissue treatments",
    "unrelated": "Not recognised as being about stem cell, exosome or birth-tissue treatments",
}
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
CAUSES: dict[Cause, str] = {
    "source": "",
    "parser": "We now read this page differently; the regulator may have changed nothing",
    "backfill": "Found while looking further back; it may not be new",
    "rekey": "The regulator's identifier of this notice moved",
}
VERDICTS: dict[Verdict | None, str] = {
    "ok": "read whole",
    "partial": "read only in part",
    "empty": "showed nothing, which is not believed",
    "blocked": "refused our visit",
    "layout_changed": "changed its layout, so it could not be read",
    "unreachable": "could not be reached",
    "crashed": "not read: our reader failed",
    None: "not checked yet",
}
FIELDS = {"posted_on": "posted date", "issued_on": "issue date", "case_number": "case number"}


def plain(text: str) -> str:
    """Fetched text as one harmless line: no controls, and no format characters (category Cf).

    Those are not seen, and can make a name read backwards or swallow the words after it.
    """
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


def moment(value: datetime, zone: tzinfo) -> str:
    local = value.astimezone(zone)
    return f"{day(local.date())}, {local:%H:%M}"
