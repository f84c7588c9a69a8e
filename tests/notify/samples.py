"""Notices, changes and sources of real public facts, to render and to change."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from lxml import html as lxml_html

from notify.frame import Frame
from notify.message import Mention, Message, digest
from stemwatch.relevance import Reason, Relevance
from stemwatch.views import ChangeView, NoticeView, SourceView
from stemwatch.words import Verb

SOURCE = "us_fda_warning_letters"
FOLDER = "https://www.fda.gov/inspections-compliance-enforcement-and-criminal-investigations/warning-letters/"
RELEVANT = Relevance(
    label="relevant",
    score=0.97,
    reasons=(
        Reason(phrase="cord blood", field="text", why="names a birth-tissue product"),
        Reason(phrase="exosome", field="text", why="names a product made from cells"),
        Reason(phrase="exosomes", field="subject", why="names a product made from cells"),
    ),
    products=("cord_blood", "exosome"),
)
FIELDS = {"office": "Center for Biologics Evaluation and Research", "subject": "CGMP/Deviations"}
START, END = datetime(2025, 1, 28, 13, tzinfo=UTC), datetime(2025, 1, 29, 13, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


def notice(key: str = "chara-biologics-inc-698004-01172025", **changed: Any) -> NoticeView:
    view = NoticeView(
        notice=f"{SOURCE}/{key}",
        source=SOURCE,
        key=key,
        url=FOLDER + key,
        kind="warning letter",
        title="Chara Biologics, Inc.",
        posted_on=date(2025, 1, 28),
        issued_on=date(2025, 1, 17),
        regulator="FDA",
        jurisdiction="us",
        language="en",
        stage="warning",
        status="listed",
        absent_since=None,
        reissued_as=None,
        case_number="698004",
        closed_out_on=None,
        closed_out_url="",
        responded_on=None,
        responded_url="",
        relevance=RELEVANT,
        products=RELEVANT.products,
        clinics=("c-vuv3n23",),
        fields=FIELDS,
        first_seen_at=START,
        page_read_at=None,
        event=None,
    )
    return msgspec.structs.replace(view, **changed)


def change(of: NoticeView, verb: Verb, number: int = 1, **changed: Any) -> ChangeView:
    view = ChangeView(
        change=number,
        notice=of.notice,
        source=of.source,
        verb=verb,
        cause="source",
        detected_at=START,
        posted_on=of.posted_on,
        issued_on=of.issued_on,
        title=of.title,
        url=of.url,
        relevance=of.relevance,
        reasons=(),
        clinics=of.clinics,
        edited=(),
        related=None,
        late=False,
    )
    return msgspec.structs.replace(view, **changed)


def mention(verb: Verb = "added", key: str = "k", change_with: Any = None, **changed: Any) -> Mention:
    about = notice(key, **changed)
    changes = (change(about, verb, **(change_with or {})),)
    return Mention(notice=about, changes=changes, clinics=about.clinics)


def source(**changed: Any) -> SourceView:
    view = SourceView(
        source=SOURCE,
        title="Warning letters",
        regulator="FDA",
        jurisdiction="us",
        language="en",
        list="complete",
        verdict="ok",
        verdict_since=None,
        reason="",
        last_ok_at=datetime(2025, 1, 29, 12, 35, tzinfo=UTC),
        newest_on=date(2025, 1, 28),
        notices=3277,
        due_at=None,
    )
    return msgspec.structs.replace(view, **changed)


def daily(*mentions: Mention, coverage: tuple[SourceView, ...] = (source(),), **frame: Any) -> Message:
    """A digest of these mentions; `frame` is what its frame has that differs."""
    around: Any = {"subscription": "Morning", "zone": NEW_YORK, **frame}
    return digest(mentions, Frame(**around), START, END, coverage)


def seen(message: Message) -> str:
    """The words of the HTML as a reader sees them, white space folded."""
    page = lxml_html.document_fromstring(message.html)
    return " ".join(page.find("body").text_content().split())


def both(message: Message) -> tuple[str, str]:
    return " ".join(message.text.split()), seen(message)
