"""One notice in plain words: what happened to it, the facts, and why the reader gets it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from notify.frame import Frame
from notify.wording import LEAD, Words, capital, short
from stemwatch.relevance import Reason
from stemwatch.views import ChangeView, FieldChange, NoticeView, PublicationView
from stemwatch.wording import plain, web
from stemwatch.words import Verb

DIFF_LINES = 40
DIFF_LENGTH = 400
"""Characters of a line of a diff: a paragraph's beginning shows what it is about."""
REASONS = 6
"""Reasons told in full; they come strongest first."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One notice with everything that happened to it in this message.

    `diff` holds the lines of a unified diff of its text, `why` the rules of the subscription that it met,
    `clinics` whom it names, by name and id. `also` are the other notices of its event; of those that are told by
    this mention, `changes` has the changes, too.
    """

    notice: NoticeView
    changes: tuple[ChangeView, ...]
    diff: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()
    also: tuple[PublicationView, ...] = ()

    @property
    def own(self) -> tuple[ChangeView, ...]:
        """The changes of the notice itself."""
        return tuple(change for change in self.changes if change.notice == self.notice.notice)


class Fact(NamedTuple):
    label: str
    value: str
    url: str = ""


class Link(NamedTuple):
    label: str
    url: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One notice in the words of its frame. `url` is empty unless it may be a link, `late` unless it is late."""

    headline: str
    tone: str
    late: str
    title: str
    issuer: str
    stage: str
    events: tuple[str, ...]
    facts: tuple[Fact, ...]
    label: str
    reasons: tuple[str, ...]
    why: tuple[str, ...]
    diff: tuple[tuple[str, str], ...]
    diff_left: str
    url: str
    address: str
    host: str
    thing: str
    pages: tuple[Link, ...]
    caveat: str


def lead_verb(mention: Mention) -> Verb:
    """What is told first of all that happened to the notice."""
    return min((change.verb for change in mention.own), key=LEAD.index)


def item(mention: Mention, frame: Frame) -> Item:
    """A notice as it is shown, dates in the frame's zone."""
    notice, lead, words = mention.notice, lead_verb(mention), frame.words
    writer = _Writer(mention, frame, words)
    headline = next(writer.headline(change) for change in mention.own if change.verb == lead)
    events = [event for change in mention.own for event in writer.events(change)]
    diff = _diff(mention.diff)
    left = len(diff) - DIFF_LINES
    url = web(notice.url)
    return Item(
        headline=headline,
        tone={"added": "new", "closed_out": "closed"}.get(lead, "changed"),
        late=words.phrases.late if any(change.late for change in mention.changes) else "",
        title=plain(notice.title) or plain(notice.key),
        issuer=", ".join(filter(None, (plain(notice.regulator), writer.fields.get("office")))),
        stage=writer.stage,
        events=tuple(event for event in dict.fromkeys(events) if event != headline),
        facts=tuple(fact for fact in writer.facts() if fact.value),
        label=words.labels[notice.relevance.label],
        reasons=_reasons(mention, words),
        why=tuple(map(plain, mention.why)),
        diff=diff[:DIFF_LINES],
        diff_left=words.phrases.diff_left.format(n=left) if left > 0 else "",
        url=url,
        address=plain(notice.url),
        host=urlsplit(url).hostname or "",
        thing=writer.thing,
        pages=_pages(notice, frame),
        caveat=writer.caveat(),
    )


class _Writer:
    """Says what one notice is."""

    def __init__(self, mention: Mention, frame: Frame, words: Words) -> None:
        self.notice, self.zone, self.words = mention.notice, frame.zone, words
        self.clinics, self.also = mention.clinics, mention.also
        self.fields = {name: plain(value) for name, value in self.notice.fields.items()}
        self.kind = plain(self.notice.kind).replace("_", " ") or words.phrases.notice
        self.thing = words.phrases.letter if self.kind.endswith("letter") else self.kind

    @property
    def stage(self) -> str:
        known = {str(stage): said for stage, said in self.words.stages.items()}
        stage = plain(self.notice.stage).replace("_", " ")
        return known.get(self.notice.stage, stage) or self.words.phrases.no_stage

    def headline(self, change: ChangeView) -> str:
        since = self.notice.absent_since or change.detected_at.astimezone(self.zone).date()
        said = self.words.headlines[change.verb]
        return capital(said.format(kind=self.kind, thing=self.thing, day=self.words.day(since)))

    def events(self, change: ChangeView) -> Iterable[str]:
        """What this change says in full; the first may equal its headline."""
        if change.verb == "edited" and change.edited:
            yield from map(self.edit, change.edited)
        elif change.verb == "reissued" and change.related:
            phrases, other = self.words.phrases, plain(change.related.partition("/")[2])
            newer = change.related == self.notice.reissued_as
            yield (phrases.reissued_as if newer else phrases.in_place_of).format(other=other)
        else:
            yield self.headline(change)
        if self.words.causes[change.cause]:
            yield self.words.causes[change.cause]

    def edit(self, edit: FieldChange) -> str:
        phrases = self.words.phrases
        name = self.words.fields.get(edit.field) or plain(edit.field).replace("_", " ")
        old, new = self.value(edit.old), self.value(edit.new)
        if old and new:
            said = phrases.from_to
        else:
            said = phrases.field_added if new else phrases.field_gone if old else phrases.field_changed
        return said.format(field=name, old=old, new=new)

    def value(self, value: str) -> str:
        """A date in words, any other text in quotes."""
        try:
            return self.words.day(date.fromisoformat(value))
        except ValueError:
            return self.words.phrases.quoted.format(text=plain(value)) if value else ""

    def facts(self) -> Iterable[Fact]:
        notice, labels, day = self.notice, self.words.facts, self.words.day
        yield Fact(labels.stage, self.stage)
        yield Fact(labels.posted, day(notice.posted_on) if notice.posted_on else "")
        yield Fact(labels.issued, day(notice.issued_on) if notice.issued_on else "")
        yield Fact(labels.subject, self.fields.get("subject", ""))
        yield Fact(labels.recipient, self.fields.get("recipient", ""))
        yield Fact(labels.products, ", ".join(self.words.products[product] for product in notice.products))
        yield Fact(labels.clinics, "; ".join(map(plain, self.clinics)))
        yield Fact(labels.case_number, plain(notice.case_number))
        for other in self.also:
            yield Fact(labels.also, f"{plain(other.regulator)}: {plain(other.title)}", web(other.url))
        if notice.closed_out_on or notice.closed_out_url:
            yield self.dated(labels.closed_out, notice.closed_out_on, notice.closed_out_url)
        if notice.responded_on or notice.responded_url:
            yield self.dated(labels.response, notice.responded_on, notice.responded_url)

    def dated(self, label: str, on: date | None, url: str) -> Fact:
        return Fact(label, self.words.day(on) if on else self.words.phrases.no_date_given, web(url))

    def caveat(self) -> str:
        on = self.notice.issued_on or self.notice.posted_on
        if on is None:
            return self.words.phrases.caveat_undated.format(thing=self.thing)
        return self.words.phrases.caveat.format(thing=self.thing, day=self.words.day(on))


def _pages(notice: NoticeView, frame: Frame) -> tuple[Link, ...]:
    """Our own pages about a notice, where the frame has a site."""
    phrases = frame.words.phrases
    links = (
        Link(phrases.our_page, frame.page(notice.notice)),
        Link(phrases.evidence, frame.evidence(notice.notice)),
    )
    return tuple(link for link in links if web(link.url))


def _reasons(mention: Mention, words: Words) -> tuple[str, ...]:
    """Each reason once, strongest first; phrases that count for the same thing on one line, weak ones counted."""
    found = [*mention.notice.relevance.reasons, *(r for change in mention.own for r in change.reasons)]
    places: dict[str, list[str]] = {}
    for reason in dict.fromkeys(found):
        places.setdefault(plain(reason.why), []).append(_place(reason, words))
    lines = [f"{capital(why)}: {', '.join(dict.fromkeys(where))}" for why, where in places.items()]
    weaker = len(lines) - REASONS
    return tuple(lines) if weaker <= 1 else (*lines[:REASONS], words.phrases.weaker.format(n=weaker))


def _place(reason: Reason, words: Words) -> str:
    return words.phrases.found.format(phrase=plain(reason.phrase), field=plain(reason.field))


def _diff(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(sign, text) of each line, without the two lines that name the versions."""
    body = lines[2:] if lines and lines[0].startswith("---") else lines
    return tuple(_diff_line(line) for line in body)


def _diff_line(line: str) -> tuple[str, str]:
    if line.startswith("@@"):
        return "…", ""
    sign, text = (line[0], line[1:]) if line[:1] in {"+", "-"} else (" ", line)
    return sign, short(plain(text), DIFF_LENGTH)
