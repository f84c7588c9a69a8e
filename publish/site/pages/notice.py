"""One notice: what happened, why it is relevant in its own words, who is named, its life, its evidence."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import msgspec

from publish.site.asking import Answer, Asked, Trouble
from publish.site.citing import Cited, bibtex, linked_data, sentence
from publish.site.quoting import passages
from publish.site.sizes import cut, weight
from publish.site.templating import page
from publish.site.texts import SHARED, texts
from publish.site.timeline import timeline
from stemwatch.clinics.views import PartyView
from stemwatch.text import visible
from stemwatch.views import CaptureView, Dossier, PageView
from stemwatch.wording import plain, web

PASSAGES = 6
"""Passages that are shown at once; the others are folded."""
MOST_PASSAGES = 24
MOST_PARTIES = 12
MOST_FIELDS = 20
MOST_TOLD = 20
MOST_CAPTURES = 20
MOST_BYTES = 24_000
"""Bytes of one text as they stand on the page; the evidence has all of it."""
ALL_BYTES = 36_000


class Shown(msgspec.Struct, frozen=True):
    """The text of one page of the notice as far as it is shown; `whole` when that is all of it."""

    page: PageView
    text: str
    whole: bool


class Proof(msgspec.Struct, frozen=True):
    """One capture with the address of its record, and of what a public archive may have of that time."""

    capture: CaptureView
    record: str
    archive: str


def notice(asked: Asked) -> Answer:
    """The notice of exactly this id. Trouble for any other."""
    name = asked.path["notice"]
    if name not in asked.store.notices_named([name]):
        raise Trouble(HTTPStatus.NOT_FOUND, texts(asked.site.language, "notice")["unknown"])
    dossier = asked.store.dossier(name)
    parties = _by_clinic(asked.store.parties(name))
    proofs = [_proof(asked, capture) for capture in dossier.evidence]
    return page(
        asked,
        "notice",
        notice=dossier.notice,
        found=passages(dossier.notice.relevance.reasons, _words(dossier))[:MOST_PASSAGES],
        at_once=PASSAGES,
        parties=parties[:MOST_PARTIES],
        more_parties=max(0, len(parties) - MOST_PARTIES),
        fields=list(dossier.notice.fields.items())[:MOST_FIELDS],
        also=dossier.also[:MOST_TOLD],
        more_also=max(0, len(dossier.also) - MOST_TOLD),
        line=timeline(dossier.notice, dossier.history, asked.store.corrections(name)),
        shown=_shown(dossier),
        proofs=proofs[-MOST_CAPTURES:],
        more_proofs=max(0, len(proofs) - MOST_CAPTURES),
        licence=_licence(asked, dossier),
        **_cited(asked, dossier),
    )


def _by_clinic(parties: Iterable[PartyView]) -> list[list[PartyView]]:
    """The parties of one clinic together, whom the notice is about first; the others stand alone."""
    found: dict[str, list[PartyView]] = {}
    for party in parties:
        found.setdefault(party.clinic or f"name {party.name}", []).append(party)
    return list(found.values())


def _words(dossier: Dossier) -> dict[str, str]:
    """The fields that the reasons speak of, as they were judged."""
    text = next((read.text for read in dossier.pages if read.role == "notice"), "")
    return {**dossier.notice.fields, "title": dossier.notice.title, "text": text}


def _shown(dossier: Dossier) -> list[Shown]:
    room = ALL_BYTES
    shown = []
    for read in dossier.pages:
        start = visible(read.text[:MOST_BYTES])
        text = cut(start, min(room, MOST_BYTES))
        room -= weight(text)
        whole = text == start and len(read.text) <= MOST_BYTES
        shown.append(Shown(msgspec.structs.replace(read, text=""), text, whole))
    return shown


def _proof(asked: Asked, capture: CaptureView) -> Proof:
    record = asked.site.link(f"/evidence/{capture.sha256}.warc.gz")
    if not asked.site.static:
        record += "?" + urlencode({"at": f"{capture.fetched_at:%Y-%m-%dT%H:%M:%SZ}"})
    url = web(capture.url)
    return Proof(
        capture=capture,
        record=record,
        archive=f"https://web.archive.org/web/{capture.fetched_at:%Y%m%d%H%M%S}/{url}" if url else "",
    )


def _licence(asked: Asked, dossier: Dossier) -> str:
    source = asked.site.sources.get(dossier.notice.source)
    return plain(source.licence) if source else ""


def _cited(asked: Asked, dossier: Dossier) -> dict[str, Any]:
    """The citations, made from the newest sound answer of the notice's own address, or else of its list."""
    told = dossier.notice
    sound = [capture for capture in dossier.evidence if capture.status == HTTPStatus.OK]
    own = [capture for capture in sound if capture.url == told.url] or sound
    address = asked.site.address(f"/notices/{told.notice}") if asked.site.url else ""
    last = own[-1] if own else None
    cited = Cited(told, address, last.fetched_at if last else None, last.sha256 if last else "")
    named = texts(asked.site.language, SHARED).get(f"kinds.{told.kind}")
    kind = named or plain(told.kind).replace("_", " ").capitalize()
    return {
        "address": address,
        "sentence": sentence(cited, kind),
        "bibtex": bibtex(cited, kind),
        "linked": linked_data(cited),
    }
