"""What people read: one alert or one digest as subject, plain text and HTML. Pure: no clock, no network.

Everything a regulator published is hostile here. `plain` takes out what could hide or reorder words,
the templates escape and isolate the rest, and only http(s) addresses become links.
"""

import textwrap
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, tzinfo

import jinja2
import msgspec

from notify.item import Mention as Mention
from notify.item import item, lead_verb
from notify.wording import COUNTED, LABELS, SECTIONS, VERDICTS, day, moment, plain
from stemwatch.views import SourceView

TITLE_LENGTH = 80
"""Characters of a name that a subject line shows; mail programs show 60 to 90 of the whole line."""


class Message(msgspec.Struct, frozen=True):
    """One message, ready for any channel: a single-line subject and the same content as text and HTML."""

    subject: str
    text: str
    html: str


Coverage = tuple[SourceView, ...]
"""What was checked."""


def alert(mention: Mention, subscription: str, *, zone: tzinfo = UTC) -> Message:
    """One notice, told at once."""
    shown = item(mention, zone)
    regulator = _short(plain(mention.notice.regulator))
    subject = f"{_short(shown.headline)}: {_short(shown.title)}" + (f" ({regulator})" if regulator else "")
    return _message("alert", subject, item=shown, subscription=plain(subscription))


def digest(
    mentions: Sequence[Mention],
    subscription: str,
    start: datetime,
    end: datetime,
    zone: tzinfo,
    coverage: Coverage,
) -> Message:
    """All notices of the window [start, end), the most serious first, and what was checked."""
    once = _once(mentions)
    unread = sum(source.verdict != "ok" for source in coverage)
    counts = _counts(once)
    doubt = f", {unread} of {len(coverage)} sources not read whole" if unread else ""
    subject = f"Stemwatch daily: {counts}{doubt}, {day(end.astimezone(zone).date())}"
    sections = [
        (name, [item(mention, zone) for mention in sorted(once, key=_gravity) if lead_verb(mention) in verbs])
        for name, verbs in SECTIONS.items()
    ]
    return _message(
        "digest",
        subject,
        counts=counts,
        sections=[(name, items) for name, items in sections if items],
        window=f"{moment(start, zone)} to {moment(end, zone)} ({plain(str(zone))})",
        checked=_checked(len(coverage), unread),
        coverage=[_coverage(source, zone) for source in coverage],
        subscription=plain(subscription),
    )


def _coverage(source: SourceView, zone: tzinfo) -> tuple[str, bool, str]:
    """A source's name, whether its last run is believed, and how it fares."""
    reason = f" ({plain(source.reason)})" if source.reason and source.verdict != "ok" else ""
    good = moment(source.last_ok_at, zone) if source.last_ok_at else "never"
    newest = day(source.newest_on) if source.newest_on else "none seen"
    fares = f"{VERDICTS[source.verdict]}{reason}. Last good check: {good}. Newest item: {newest}."
    return plain(f"{source.regulator}: {source.title}"), source.verdict == "ok", fares


def _checked(sources: int, unread: int) -> str:
    if not sources:
        return "No source was checked."
    if not unread:
        return "The one source was read whole." if sources == 1 else f"All sources ({sources}) were read whole."
    return f"{unread} of {sources} sources could not be read whole: news there may be missing here."


def _once(mentions: Iterable[Mention]) -> list[Mention]:
    """Each notice once, with everything said of it."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        seen = found.get(mention.notice.notice)
        found[mention.notice.notice] = _joined(seen, mention) if seen else mention
    return list(found.values())


def _joined(one: Mention, other: Mention) -> Mention:
    changes = {change.change: change for change in (*one.changes, *other.changes)}
    return Mention(
        notice=other.notice,
        changes=tuple(changes[number] for number in sorted(changes)),
        diff=one.diff if one.diff == other.diff else one.diff + other.diff,
        why=tuple(dict.fromkeys(one.why + other.why)),
        clinics=other.clinics,
    )


def _gravity(mention: Mention) -> tuple[int, float, int, str]:
    """Sorts the most serious first: by label, then score, then the newest."""
    notice = mention.notice
    label = list(LABELS).index(notice.relevance.label)
    newest = notice.posted_on or notice.issued_on or date.min
    return label, -notice.relevance.score, -newest.toordinal(), notice.notice


def _counts(mentions: Sequence[Mention]) -> str:
    numbers = {
        words: sum(any(change.verb == verb for change in mention.changes) for mention in mentions)
        for verb, words in COUNTED.items()
    }
    return ", ".join(f"{number} {words}" for words, number in numbers.items() if number) or "nothing new"


def _short(text: str) -> str:
    return text if len(text) <= TITLE_LENGTH else text[: TITLE_LENGTH - 1].rstrip() + "…"


def _wrap(text: str, indent: int = 0) -> str:
    return textwrap.fill(text, 76, subsequent_indent=" " * indent, break_on_hyphens=False)


def _message(template: str, subject: str, **words: object) -> Message:
    text, html = (
        TEMPLATES.get_template(f"{template}.{form}").render(subject=subject, **words) for form in ("txt", "html")
    )
    return Message(subject=subject, text=text, html=html)


TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("notify"),
    autoescape=jinja2.select_autoescape(("html",), default=False),
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
TEMPLATES.filters["wrap"] = _wrap
