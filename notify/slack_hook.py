"""Slack's incoming webhooks: what is posted there, and what Slack's answers mean.

Slack answers 200 `ok`, else a status and one word as plain text (docs.slack.dev, "Sending messages using incoming
webhooks"). The word is told on: it says what the owner of the channel has to do.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from notify.answers import refusal, said
from notify.errors import NotAccepted, Permanent
from notify.posting import Poster

BASE = "https://hooks.slack.com"
_PATH = r"(?P<path>[A-Z0-9]{1,20}/[A-Z0-9]{1,20}/[A-Za-z0-9]{1,40})"
_ADDRESS = re.compile(rf"https://hooks\.slack\.com/services/{_PATH}/?", re.IGNORECASE)
_CHANNEL = re.compile(rf"slack://(?:[\w .-]{{1,80}}@)?{_PATH}/?(?P<room>#[\w-]{{1,80}})?/?", re.IGNORECASE)
_WORD = re.compile(r"[a-z][a-z_]{1,60}")
_FOR_GOOD = frozenset(
    {
        *("invalid_payload", "invalid_blocks", "invalid_blocks_format", "invalid_attachments", "no_text"),
        *("no_service", "no_service_id", "no_active_hooks", "no_team", "team_disabled", "invalid_token"),
        *("channel_not_found", "channel_is_archived", "is_archived", "user_not_found", "action_prohibited"),
        *("posting_to_general_channel_denied", "msg_blocks_too_long", "msg_too_long", "too_many_attachments"),
    }
)


@dataclass(frozen=True)
class SlackHook:
    """One incoming webhook. `room` is a channel that only webhooks of the old kind still let the sender choose."""

    path: str = field(repr=False)
    room: str

    def send(self, poster: Poster, base: str, post: dict[str, object], now: datetime) -> str:
        """Slack's answer when it has taken the post, else raises Permanent or Temporary with Slack's word."""
        body = msgspec.json.encode({**post, "channel": self.room} if self.room else post)
        answer = poster.post(f"{base.rstrip('/')}/services/{self.path}", body, {})
        word = answer.words.strip()
        if not answer.accepted or word in _FOR_GOOD:
            raise _refusal(answer.status, word, answer.retry_after, now)
        return said(answer.status)


def slack_hook(channel: str) -> SlackHook | None:
    """The incoming webhook that a channel's URL names; None when it is another kind of channel."""
    match = _ADDRESS.fullmatch(channel.strip()) or _CHANNEL.fullmatch(channel.strip())
    return SlackHook(match["path"], match.groupdict().get("room") or "") if match else None


def _refusal(status: int, word: str, retry_after: str, now: datetime) -> NotAccepted:
    if word in _FOR_GOOD:
        return Permanent(f"Slack answered {status} {word}.")
    return refusal(status, retry_after, now, word if _WORD.fullmatch(word) else "")
