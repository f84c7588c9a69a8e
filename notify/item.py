"""One notice in plain words: what happened to it, the facts, and why the reader gets it."""

from collections.abc import Iterable
from datetime import date, tzinfo
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from notify.wording import CAUSES, FIELDS, LABELS, LEAD, PRODUCTS, day, plain, web
from stemwatch.views import ChangeView, FieldChange, NoticeView
from stemwatch.words import Verb

DIFF_LINES = 40
REASONS = 6
"""Reasons told in full; they come strongest first."""


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One notice with everything that happened to it in this message.

    `diff` holds the lines of a unified diff of its text, `why` the rules of the subscription that it met,
    `clinics` whom it names, by name and id.
    """

    notice: NoticeView
    changes: tuple[ChangeView, ...]
    diff: tuple[str, ...] = ()
    why: tuple[str, ...] = ()
    clinics: tuple[str, ...] = ()


class Fact(NamedTuple):
    label: str
    value: str
    url: str = ""


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One notice in the words of the templates. `url` is empty unless it may be a link."""

    headline: str
    tone: str
    late: bool
    title: str
    issuer: str
    events: tuple[str, ...]
    facts: tuple[Fact, ...]
    label: str
    reasons: tuple[str, ...]
    why: tuple[str, ...]
    diff: tuple[tuple[str, str], ...]
    diff_left: int
    url: str
    address: str
    host: str
    thing: str
    caveat: str


def lead_verb(mention: Mention) -> Verb:
    """What is told first of all that happened to the notice."""
    return min((change.verb for change in mention.changes), key=LEAD.index)


def item(mention: Mention, zone: tzinfo) -> Item:
    """A notice as it is shown, dates in `zone`."""
    notice, lead = mention.notice, lead_verb(mention)
    fields = {name: plain(value) for name, value in notice.fields.items()}
    headline = next(_headline(change, notice, zone) for change in mention.changes if change.verb == lead)
    events = [event for change in mention.changes for event in _events(change, notice, zone)]
    diff = _diff(mention.diff)
    url = web(notice.url)
    return Item(
        headline=headline,
        tone={"added": "new", "closed_out": "closed"}.get(lead, "changed"),
        late=any(change.late for change in mention.changes),
        title=plain(notice.title) or plain(notice.key),
        issuer=", ".join(filter(None, (plain(notice.regulator), fields.get("office")))),
        events=tuple(event for event in dict.fromkeys(events) if event != headline),
        facts=tuple(fact for fact in _facts(notice, fields, mention.clinics) if fact.value),
        label=LABELS[notice.relevance.label],
        reasons=_reasons(mention),
        why=tuple(map(plain, mention.why)),
        diff=diff[:DIFF_LINES],
        diff_left=len(diff[DIFF_LINES:]),
        url=url,
        address=plain(notice.url),
        host=urlsplit(url).hostname or "",
        thing=_thing(notice),
        caveat=_caveat(notice),
    )


def _headline(change: ChangeView, notice: NoticeView, zone: tzinfo) -> str:
    kind = _kind(notice)
    since = notice.absent_since or change.detected_at.astimezone(zone).date()
    words: dict[Verb, str] = {
        "added": f"new {kind}",
        "edited": f"{kind} edited",
        "closed_out": f"{_thing(notice)} closed out",
        "responded": "response letter posted",
        "delisted": f"no longer listed since {day(since)}",
        "relisted": "listed again",
        "reissued": f"{kind} reissued",
        "baseline": f"{kind} already listed when watching began",
    }
    return words[change.verb][:1].upper() + words[change.verb][1:]


def _events(change: ChangeView, notice: NoticeView, zone: tzinfo) -> Iterable[str]:
    """What this change says in full; the first may equal its headline."""
    if change.verb == "edited" and change.edited:
        yield from map(_edit, change.edited)
    elif change.verb == "reissued" and change.related:
        other = plain(change.related.partition("/")[2])
        yield f"Reissued {'as' if change.related == notice.reissued_as else 'in place of'} {other}"
    else:
        yield _headline(change, notice, zone)
    if CAUSES[change.cause]:
        yield CAUSES[change.cause]


def _edit(edit: FieldChange) -> str:
    name = FIELDS.get(edit.field) or plain(edit.field).replace("_", " ")
    old, new = _value(edit.old), _value(edit.new)
    if old and new:
        return f"Edited: {name} from {old} to {new}"
    if new:
        return f"Edited: {name} added, {new}"
    return f"Edited: {name} taken out, it was {old}" if old else f"Edited: the {name}"


def _value(value: str) -> str:
    """A date in words, any other text in quotes."""
    try:
        return day(date.fromisoformat(value))
    except ValueError:
        return f"“{plain(value)}”" if value else ""


def _facts(notice: NoticeView, fields: dict[str, str], clinics: tuple[str, ...]) -> Iterable[Fact]:
    yield Fact("Posted", day(notice.posted_on) if notice.posted_on else "")
    yield Fact("Issued", day(notice.issued_on) if notice.issued_on else "")
    yield Fact("Subject", fields.get("subject", ""))
    yield Fact("Recipient", fields.get("recipient", ""))
    yield Fact("Products", ", ".join(PRODUCTS[product] for product in notice.products))
    yield Fact("Clinics" if len(clinics) > 1 else "Clinic", "; ".join(map(plain, clinics)))
    yield Fact("Case number", plain(notice.case_number))
    if notice.closed_out_on is None:
        yield Fact("Stage", plain(notice.stage).replace("_", " "))
    if notice.closed_out_on or notice.closed_out_url:
        yield _dated("Closed out", notice.closed_out_on, notice.closed_out_url)
    if notice.responded_on or notice.responded_url:
        yield _dated("Response", notice.responded_on, notice.responded_url)


def _dated(label: str, on: date | None, url: str) -> Fact:
    return Fact(label, day(on) if on else "yes, no date given", web(url))


def _caveat(notice: NoticeView) -> str:
    on = notice.issued_on or notice.posted_on
    dated = f"This {_thing(notice)} is of {day(on)}" if on else f"This {_thing(notice)} shows no date"
    return f"{dated}; the matter may have been resolved since."


def _reasons(mention: Mention) -> tuple[str, ...]:
    """Each reason once, strongest first; phrases that count for the same thing on one line, weak ones counted."""
    found = [*mention.notice.relevance.reasons, *(r for change in mention.changes for r in change.reasons)]
    places: dict[str, list[str]] = {}
    for reason in dict.fromkeys(found):
        place = f"“{plain(reason.phrase)}” in the {plain(reason.field)}"
        places.setdefault(plain(reason.why), []).append(place)
    lines = [f"{why[:1].upper()}{why[1:]}: {', '.join(dict.fromkeys(where))}" for why, where in places.items()]
    weaker = len(lines) - REASONS
    return tuple(lines) if weaker <= 1 else (*lines[:REASONS], f"And {weaker} weaker signs")


def _diff(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """(sign, text) of each line, without the two lines that name the versions."""
    body = lines[2:] if lines and lines[0].startswith("---") else lines
    return tuple(_diff_line(line) for line in body)


def _diff_line(line: str) -> tuple[str, str]:
    if line.startswith("@@"):
        return "…", ""
    return (line[0], plain(line[1:])) if line[:1] in {"+", "-"} else (" ", plain(line))


def _kind(notice: NoticeView) -> str:
    return plain(notice.kind).replace("_", " ") or "notice"


def _thing(notice: NoticeView) -> str:
    """The short word for it: a letter of any kind is a letter."""
    return "letter" if _kind(notice).endswith("letter") else _kind(notice)
