"""Which notices tell of one event: several publishers' words on one thing that happened.

A court's docket and the prosecutor's press release, an agency and the state that sued with it: the notices are of
different sources and

- share the number of a docket, and name the same clinics where both name any, a month apart at most; or
- are about the same clinic, ten days apart at most, and name no dockets that differ;
- and neither says another stage: equal, or not said.

A case is not an event: complaint and judgment have docket and parties in common, and are told years apart. Each
notice, by its day, joins the nearest event that takes it. A key remembers a bounded number of events, so that the
work grows with the number of notices alone.
"""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

import msgspec

REVISION = 1
"""Grows when the same notices would be tied otherwise."""
KeyKind = Literal["docket", "clinic"]
WITHIN: dict[KeyKind, int] = {"docket": 30, "clinic": 10}
"""Days from an event's first notice to its last, by what they share: a docket may be opened under seal."""
OPEN = 8
"""Events of one key that a notice may still join."""


class Key(NamedTuple):
    kind: KeyKind
    value: str


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """One notice as events see it: `keys` are its dockets and the clinics it is about."""

    notice: str
    source: str
    day: date
    stage: str
    keys: frozenset[Key]


@dataclass
class _Event:
    """An event while its notices are gathered; `day` is that of the first."""

    day: date
    stage: str = ""
    notices: list[str] = field(default_factory=list)
    sources: set[str] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)

    def takes(self, told: Telling) -> bool:
        if told.source in self.sources or (self.stage and told.stage and self.stage != told.stage):
            return False
        shared = {key.kind for key in self.keys & told.keys}
        both = {key.kind for key in self.keys} & {key.kind for key in told.keys}
        return shared == both and (told.day - self.day).days <= max(WITHIN[kind] for kind in shared)

    def add(self, told: Telling) -> frozenset[Key]:
        """Take the notice in; returns the keys that are new."""
        new = told.keys - self.keys
        self.notices.append(told.notice)
        self.sources.add(told.source)
        self.stage = self.stage or told.stage
        self.keys |= new
        return new


def events(tellings: Iterable[Telling]) -> list[tuple[str, ...]]:
    """The notices of each event that has several, earliest first; the order of `tellings` does not count."""
    found: list[_Event] = []
    open_events: dict[Key, deque[_Event]] = defaultdict(lambda: deque(maxlen=OPEN))
    for told in sorted(tellings, key=lambda told: (told.day, told.notice)):
        near = [event for key in told.keys for event in open_events[key] if event.takes(told)]
        event = max(near, key=lambda event: (event.day, event.notices[0]), default=None)
        if event is None:
            event = _Event(told.day)
            found.append(event)
        for key in event.add(told):
            open_events[key].append(event)
    return [tuple(event.notices) for event in found if len(event.notices) > 1]
