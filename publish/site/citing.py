"""How a notice is cited, for people and for programs. Pure."""

import re
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from stemwatch.views import NoticeView
from stemwatch.wording import day, plain, web

LONGEST = 500
"""Characters of a title that are cited."""
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}$&#%_"},
}
_NO_SCRIPT = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


class Cited(NamedTuple):
    """What stands in a citation: the notice, our address of it (empty when the site has none that lasts: then its
    id stands there), and the response that it was last read from.
    """

    notice: NoticeView
    address: str
    fetched_at: datetime | None
    sha256: str

    @property
    def title(self) -> str:
        return plain(self.notice.title)[:LONGEST] or self.notice.notice

    @property
    def url(self) -> str:
        return web(self.notice.url)


def sentence(cited: Cited, kind: str) -> str:
    """For a list of references; `kind` in words."""
    notice = cited.notice
    on = notice.issued_on or notice.posted_on
    parts = [
        f"{plain(notice.regulator)}{f' ({on.year})' if on else ''}. {cited.title.rstrip('.')}. {kind}",
        f"dated {day(notice.issued_on)}" if notice.issued_on else "",
        f"posted {day(notice.posted_on)}" if notice.posted_on else "",
    ]
    read = f"Retrieved {day(cited.fetched_at.date())} by Stemwatch" if cited.fetched_at else ""
    proof = f"SHA-256 {cited.sha256}" if cited.sha256 else ""
    ends = [cited.url, ", ".join(filter(None, (read, proof))), cited.address or f"Notice {notice.notice}"]
    return ". ".join([", ".join(filter(None, parts)), *filter(None, ends)]) + "."


def bibtex(cited: Cited, kind: str) -> str:
    """One entry for BibTeX; braces in addresses are quoted, so that they stay balanced."""
    notice = cited.notice
    on = notice.issued_on or notice.posted_on
    note = [
        f"SHA-256 {cited.sha256}" if cited.sha256 else "",
        f"recorded at {cited.address}" if cited.address else f"notice {notice.notice}",
    ]
    fields = {
        "author": f"{{{_tex(plain(notice.regulator))}}}",
        "title": f"{{{_tex(cited.title)}}}",
        "howpublished": _tex(kind),
        "year": str(on.year) if on else "",
        "month": str(on.month) if on else "",
        "day": str(on.day) if on else "",
        "url": quote(cited.url, safe=":/?#[]@!$&'()*+,;=%~"),
        "urldate": str(cited.fetched_at.date()) if cited.fetched_at else "",
        "note": _tex(", ".join(filter(None, note))),
    }
    key = re.sub(r"[^A-Za-z0-9]+", "-", notice.notice)[:80].strip("-")
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "@misc{" + ",\n".join([key, *lines]) + "\n}"


def linked_data(cited: Cited) -> str:
    """The notice in the words of schema.org, as JSON-LD that can stand within a script element."""
    notice = cited.notice
    values = {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "name": cited.title,
        "identifier": notice.notice,
        "url": cited.url,
        "inLanguage": notice.language,
        "dateCreated": str(notice.issued_on or ""),
        "datePublished": str(notice.posted_on or ""),
        "publisher": {"@type": "GovernmentOrganization", "name": plain(notice.regulator)},
        "mainEntityOfPage": cited.address,
        "sdPublisher": {"@type": "Organization", "name": "Stemwatch"},
        "sdDatePublished": cited.fetched_at.isoformat() if cited.fetched_at else "",
    }
    told = {name: value for name, value in values.items() if value}
    return msgspec.json.encode(told).decode().translate(_NO_SCRIPT)


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in text)
