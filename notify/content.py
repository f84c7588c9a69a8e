"""What a message tells, whoever it is told to: the mentions in their order, and what was checked. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from hashlib import sha256
from typing import Literal, NamedTuple

import msgspec

from notify.item import Mention, lead_verb
from stemwatch.views import SourceView
from stemwatch.words import LABELS, Stage

Kind = Literal["alert", "burst", "daily", "weekly", "correction", "note"]
Level = Literal["info", "success", "warning", "failure"]
"""How loudly Apprise's channels show a message, as far as they know levels: mostly a colour."""

Coverage = tuple[SourceView, ...]
"""What was checked."""

GRAVITY: tuple[Stage | Literal[""], ...] = (
    *("sentence", "judgment", "settlement", "preliminary_order", "filed", "warning", "investigation"),
    *("", "modified", "closed"),
)
"""The stages, most serious first; what is not said stands before what has been changed or ended."""


_LEVELS: dict[Stage | Literal[""], Level] = {
    **dict.fromkeys(GRAVITY[: GRAVITY.index("warning")], "failure"),
    **dict.fromkeys(("warning", "investigation", ""), "warning"),
    "modified": "info",
    "closed": "success",
}


@dataclass(frozen=True, eq=False)
class Content:
    """What is told. Equal contents are one: they are told apart by `key`, a hash of everything in them.

    `start` and `end` are a digest's window; `subject` and `sentences` are the words of a note, of a correction
    `sentences` says what was wrong with what was told at `start`. `act` and `url` are a note's link, and
    `afterwards` is what stands below it.
    """

    kind: Kind
    mentions: tuple[Mention, ...] = ()
    coverage: Coverage = ()
    start: datetime | None = None
    end: datetime | None = None
    subject: str = ""
    sentences: tuple[str, ...] = ()
    act: str = ""
    url: str = ""
    afterwards: str = ""
    key: bytes = field(init=False)

    def __post_init__(self) -> None:
        parts = (
            *(self.kind, self.mentions, self.coverage, self.start, self.end, self.subject, self.sentences),
            *(self.act, self.url, self.afterwards),
        )
        object.__setattr__(self, "key", sha256(msgspec.msgpack.encode(parts)).digest())

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.key == other.key

    @cached_property
    def cursor(self) -> int:
        """The last change that this tells of: everything after it is news. 0 when it tells of none."""
        return max((change.change for mention in self.mentions for change in mention.changes), default=0)

    @cached_property
    def before(self) -> int:
        """The cursor after which all changes lie that this tells of."""
        return min((change.change for mention in self.mentions for change in mention.changes), default=1) - 1

    @cached_property
    def level(self) -> Level:
        """That of the most serious mention."""
        return _LEVELS[GRAVITY[min(map(gravity, self.mentions))[0]]] if self.mentions else "info"


class Group(NamedTuple):
    """What is told of one clinic, most serious first."""

    clinic: str
    mentions: tuple[Mention, ...]


def once(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Each notice once, with everything said of it; notices of one event that are new are one mention."""
    found: dict[str, Mention] = {}
    for mention in mentions:
        seen = found.get(mention.notice.notice)
        found[mention.notice.notice] = _joined(seen, mention) if seen else mention
    events: dict[str, list[Mention]] = {}
    for mention in found.values():
        events.setdefault(_topic(mention), []).append(mention)
    return tuple(map(_one, events.values()))


def _topic(mention: Mention) -> str:
    """What the mention shares with others; a notice that something more has happened to stands by itself."""
    new = all(change.verb in {"added", "baseline"} for change in mention.changes)
    return f"event {mention.notice.event}" if new and mention.notice.event else mention.notice.notice


def _one(mentions: list[Mention]) -> Mention:
    """The most serious notice with the changes of the others; `also` names them."""
    if len(mentions) == 1:
        return mentions[0]
    lead = min(mentions, key=gravity)
    changes = (change for mention in mentions for change in mention.changes)
    return msgspec.structs.replace(
        lead,
        changes=tuple(sorted(changes, key=lambda change: change.change)),
        why=tuple(dict.fromkeys(reason for mention in mentions for reason in mention.why)),
        clinics=tuple(dict.fromkeys(clinic for mention in mentions for clinic in mention.clinics)),
    )


def _joined(one: Mention, other: Mention) -> Mention:
    changes = {change.change: change for change in (*one.changes, *other.changes)}
    return Mention(
        notice=other.notice,
        changes=tuple(changes[number] for number in sorted(changes)),
        diff=one.diff if one.diff == other.diff else one.diff + other.diff,
        why=tuple(dict.fromkeys(one.why + other.why)),
        clinics=other.clinics,
        also=other.also,
    )


def grouped(mentions: Iterable[Mention]) -> list[Group]:
    """By clinic, the clinic with the most serious notice first. A notice that names none stands by itself."""
    found: dict[str, list[Mention]] = {}
    for mention in sorted(mentions, key=gravity):
        found.setdefault(next(iter(mention.notice.clinics), mention.notice.notice), []).append(mention)
    return [Group(next(iter(group[0].clinics), ""), tuple(group)) for group in found.values()]


def gravity(mention: Mention) -> tuple[int, int, int, float, str]:
    """Sorts the most serious first: by stage, then relevance, then the newest."""
    notice = mention.notice
    ended = notice.closed_out_on is not None or lead_verb(mention) == "closed_out"
    stage = "closed" if ended else notice.stage
    known = list(map(str, GRAVITY))
    rank = known.index(stage if stage in known else "")
    newest = notice.posted_on or notice.issued_on or date.min
    return (
        rank,
        LABELS.index(notice.relevance.label),
        -newest.toordinal(),
        -notice.relevance.score,
        notice.notice,
    )
