"""What people are told: one message in every form that a channel may ask for. Pure: no clock, no network.

Everything a regulator published is hostile here. `plain` takes out what could hide or reorder words, each form
escapes the rest in its own way, and only http(s) addresses become links. A form that many share is made once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec

from notify import plaintext, slack
from notify.content import Content, Kind, Level, once
from notify.content import Coverage as Coverage
from notify.frame import Frame
from notify.item import Mention as Mention
from notify.page import FOOT, html_foot, page
from notify.payload import payload
from notify.told import told


@dataclass(frozen=True)
class Message:
    """One content in one frame."""

    content: Content
    frame: Frame

    @property
    def subject(self) -> str:
        """A single line."""
        return told(self.content, self.frame.shared).subject

    @property
    def text(self) -> str:
        """Everything, however long."""
        phrases = self.frame.words.phrases
        whole = plaintext.whole_text(told(self.content, self.frame.shared), phrases)
        return self._with_foot(whole)

    @property
    def mail_text(self) -> str:
        """What `html` says, as plain text."""
        return self._with_foot(page(self.content, self.frame.shared).text)

    @property
    def html(self) -> str:
        """A page of under 100 KB: what does not fit is named, and where it is found."""
        return page(self.content, self.frame.shared).html.replace(FOOT, html_foot(self.frame))

    @property
    def posts(self) -> tuple[dict[str, Any], ...]:
        """Slack's payloads, one after another."""
        return slack.with_foot(slack.posts(self.content, self.frame.shared), self.frame)

    @property
    def payload(self) -> bytes:
        """The JSON that our webhooks carry."""
        return msgspec.json.encode(payload(self.content, self.frame, self.subject))

    @property
    def level(self) -> Level:
        return self.content.level

    @property
    def thread(self) -> str:
        """Names the conversation that the message belongs to: all that is told of one notice. Empty for others."""
        if self.content.kind not in {"alert", "correction"}:
            return ""
        about = f"{self.content.mentions[0].notice.notice}\x1f{self.frame.subscription}"
        return f"notice-{sha256(about.encode('utf-8', 'replace')).hexdigest()[:24]}"

    def _with_foot(self, text: str) -> str:
        return plaintext.joined((text, plaintext.foot_text(self.frame))) + "\n"


def alert(mention: Mention, frame: Frame) -> Message:
    """One notice, told at once."""
    return Message(Content("alert", (mention,)), frame)


def burst(mentions: Sequence[Mention], frame: Frame) -> Message:
    """What came together, told at once: an alert when it is one notice, or one event."""
    told = once(mentions)
    return Message(Content("alert" if len(told) == 1 else "burst", told), frame)


def digest(
    mentions: Sequence[Mention],
    frame: Frame,
    start: datetime,
    end: datetime,
    coverage: Coverage,
    *,
    weekly: bool = False,
) -> Message:
    """All notices of the window [start, end), the most serious first, and what was checked.

    Without mentions it says that there is nothing new, and what that is worth.
    """
    kind: Kind = "weekly" if weekly else "daily"
    return Message(Content(kind, once(mentions), coverage, start, end), frame)


def correction(mention: Mention, frame: Frame, *, told_at: datetime, wrong: str) -> Message:
    """To whoever was told something wrong: what it was, and the notice as it is known now."""
    return Message(Content("correction", (mention,), start=told_at, sentences=(wrong,)), frame)


def note(subject: str, sentences: Sequence[str], frame: Frame, *, at: datetime) -> Message:
    """Words of our own: to an operator, or about a subscription."""
    return Message(Content("note", start=at, subject=subject, sentences=tuple(sentences)), frame)


def trial(frame: Frame, *, at: datetime) -> Message:
    """A message that only shows that the channel works."""
    phrases, test = frame.words.phrases, msgspec.structs.replace(frame, test=True)
    return note(phrases.test_subject, (phrases.test_works,), test, at=at)
