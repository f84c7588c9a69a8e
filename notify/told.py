"""A message's content in the words of its frame, before it takes the form of a mail, of blocks, of text. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from notify.content import Content, grouped
from notify.frame import Frame
from notify.item import Item, Link, item
from notify.wording import Words, short
from stemwatch.views import SourceView
from stemwatch.wording import plain, web
from stemwatch.words import Verb

TITLE_LENGTH = 80
"""Characters of a name that a subject line shows; mail programs show 60 to 90 of the whole line."""

KEPT = 16
"""Contents whose forms are kept for the next subscriber: those of the rules that are being told just now."""

_COUNTED: tuple[Verb, ...] = (
    "added", "closed_out", "responded", "reissued", "delisted", "relisted", "edited", "baseline"
)  # fmt: skip


class Section(NamedTuple):
    """The items of one clinic; `heading` is empty where its only item has its name already."""

    heading: str
    items: tuple[Item, ...]


class Checked(NamedTuple):
    """One source: its name, whether its last run is believed, and how it fares."""

    name: str
    believed: bool
    fares: str


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is said to all who get this content; what is said to one of them alone is in the frame.

    `title` heads the message, `lead` are the sentences under it, then `act` is a link to follow and `afterwards`
    what stands below that. What has no room in a mail is found at `rest_url`
    when there is a site, else by `command`.
    """

    subject: str
    title: str
    lead: tuple[str, ...]
    act: Link | None
    afterwards: str
    sections: tuple[Section, ...]
    coverage: tuple[Checked, ...]
    rest_url: str
    command: str

    @property
    def items(self) -> Iterator[Item]:
        return (item for section in self.sections for item in section.items)


@lru_cache(KEPT)
def told(content: Content, frame: Frame) -> Told:
    """The content in words. `frame` is a shared one."""
    words = frame.words
    phrases = words.phrases
    sections = tuple(
        _section(group.clinic, tuple(item(mention, frame) for mention in group.mentions))
        for group in grouped(content.mentions)
    )
    subject, title, lead = _said(content, frame, sections)
    return Told(
        subject=f"[{phrases.test}] {subject}" if frame.test else subject,
        title=title,
        lead=(phrases.test_said, *lead) if frame.test else lead,
        act=Link(plain(content.act), web(content.url)) if web(content.url) else None,
        afterwards=plain(content.afterwards),
        sections=sections,
        coverage=tuple(_checked(source, frame) for source in content.coverage),
        rest_url=web(frame.changes(content.before)),
        command=f"stemwatch changes --since {content.before}",
    )


def _section(clinic: str, items: tuple[Item, ...]) -> Section:
    name = plain(clinic)
    return Section("" if len(items) == 1 or not name else f"{name} ({len(items)})", items)


def _said(content: Content, frame: Frame, sections: tuple[Section, ...]) -> tuple[str, str, tuple[str, ...]]:
    """Subject, title and the sentences under it."""
    phrases = frame.words.phrases
    if content.kind == "note":
        return plain(content.subject), plain(content.subject), tuple(map(plain, content.sentences))
    if content.kind in {"daily", "weekly"}:
        return _digest(content, frame)
    shown = sections[0].items[0]
    if content.kind == "burst":
        counts = _counts(content, frame.words)
        said = phrases.burst.format(what=counts, title=short(shown.title, TITLE_LENGTH))
        return said, said, ()
    first = content.mentions[0]
    publishers = dict.fromkeys([first.notice.regulator, *(other.regulator for other in first.also)])
    regulator = short(", ".join(filter(None, map(plain, publishers))), TITLE_LENGTH)
    name = short(shown.title, TITLE_LENGTH) + (f" ({regulator})" if regulator else "")
    if content.kind == "alert":
        return f"{short(shown.headline, TITLE_LENGTH)}: {name}", "", ()
    assert content.start is not None
    on = frame.words.day(content.start.astimezone(frame.zone).date())
    wrong = tuple(phrases.was_wrong.format(day=on, what=plain(what)) for what in content.sentences)
    return (
        phrases.correction.format(title=name),
        phrases.correction.format(title=shown.title),
        (
            *wrong,
            phrases.as_it_is,
        ),
    )


def _digest(content: Content, frame: Frame) -> tuple[str, str, tuple[str, ...]]:
    assert content.start is not None
    assert content.end is not None
    words, phrases = frame.words, frame.words.phrases
    unread = sum(source.verdict != "ok" for source in content.coverage)
    numbers = {"unread": unread, "all": len(content.coverage)}
    name = phrases.weekly if content.kind == "weekly" else phrases.daily
    counts = _counts(content, words)
    doubt = (phrases.doubt.format(**numbers),) if unread else ()
    day = words.day(content.end.astimezone(frame.zone).date())
    window = phrases.window.format(
        start=words.moment(content.start, frame.zone),
        end=words.moment(content.end, frame.zone),
        zone=plain(str(frame.zone)),
    )
    which = "none" if not content.coverage else "part" if unread else "one" if numbers["all"] == 1 else "all"
    checked = str(getattr(phrases, f"checked_{which}")).format(**numbers)
    empty = () if content.mentions else (phrases.nothing_said,)
    return name.format(what=", ".join((counts, *doubt, day))), name.format(what=counts), (window, checked, *empty)


def _counts(content: Content, words: Words) -> str:
    numbers = {
        verb: sum(any(change.verb == verb for change in mention.own) for mention in content.mentions)
        for verb in _COUNTED
    }
    said = [words.counts[verb].format(n=number) for verb, number in numbers.items() if number]
    return ", ".join(said) or words.phrases.nothing_new


def _checked(source: SourceView, frame: Frame) -> Checked:
    words, phrases = frame.words, frame.words.phrases
    reason = f" ({plain(source.reason)})" if source.reason and source.verdict != "ok" else ""
    verdict = words.verdicts[source.verdict] if source.verdict else phrases.not_checked
    fares = phrases.fares.format(
        verdict=verdict + reason,
        good=words.moment(source.last_ok_at, frame.zone) if source.last_ok_at else phrases.never,
        newest=words.day(source.newest_on) if source.newest_on else phrases.none_seen,
    )
    return Checked(plain(f"{source.regulator}: {source.title}"), source.verdict == "ok", fares)
