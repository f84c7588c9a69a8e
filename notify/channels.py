"""Sends one message to one channel and says truly what became of it.

Slack's incoming webhooks and webhooks of our own are posted to by us. Every other channel is Apprise's: it says
True or False: what decides over a retry there (an HTTP status, the waiting time a receiver names, an SMTP code) is
read where the answers arrive, in `notify.answers` and `notify.mail`.
"""

# mypy: disable-error-code="no-untyped-call"
# Apprise is marked as typed, its functions mostly are not.

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache, partial
from typing import Any

import msgspec
from apprise import Apprise, AppriseAsset, NotificationManager, NotifyBase, NotifyFormat, NotifyType
from apprise.plugins import url_to_dict
from apprise.utils.parse import parse_urls

from notify import answers, chat, mail, slack_hook, webhook
from notify.errors import Permanent
from notify.hands import Hands
from notify.mail_sessions import Sessions
from notify.message import Message
from notify.posting import Poster
from notify.work import Part, Work
from stemwatch import PROJECT_URL
from stemwatch.errors import UsageError

KEY = re.compile(r"[A-Za-z0-9._-]{1,120}")
MAIL = frozenset({"mailto", "mailtos"})
WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
HANDS = Hands()
ASSET = AppriseAsset(
    app_id="Stemwatch",
    app_desc="Stemwatch",
    app_url=PROJECT_URL,
    image_url_mask="",  # else Slack and others show Apprise's logo, fetched from its repository
    image_url_logo="",
    interpret_emojis=False,  # a name that holds ":x:" stays as the regulator wrote it
    http_redirects=False,
)
# These print addresses with their tokens: Apprise at every level, urllib3 each path at DEBUG.
for _logger in ("apprise", "urllib3.connectionpool", "urllib3.util.retry"):
    logging.getLogger(_logger).addFilter(lambda record: False)


def check(url: str, *, public: bool = False) -> None:
    """UsageError when this is not the URL of exactly one channel with one target. It names the scheme only.

    `public`: whether the URL holds what a stranger gave; then only kinds are taken that we can guard.
    """
    scheme = _scheme(url)
    if scheme in webhook.SCHEMES:
        webhook.hook(url)
    elif slack_hook.slack_hook(url) is None:
        _check_apprise(url)
    if public and scheme not in MAIL | {"stemwatch+https"}:
        raise UsageError("Only an e-mail address or a webhook at https:// can be subscribed here.")


@lru_cache(1024)
def _check_apprise(url: str) -> None:
    if len(parse_urls(url)) > 1:
        raise UsageError("A channel is one URL, and this one holds several: write one subscription for each.")
    plugin = _open(url)
    label = _scheme(url) or "this"
    if len(plugin) > 1 or getattr(plugin, "cc", None) or getattr(plugin, "bcc", None):
        raise UsageError(
            f"The {label} channel names several targets: write one subscription for each, "
            "so that success is known for each."
        )
    if isinstance(plugin, mail.Mail) and (flaw := plugin.flaw()):
        raise UsageError(f"The {label} channel {flaw}.")


def describe(url: str) -> str:
    """The channel without its secrets: its kind, and for e-mail the domain it goes to."""
    if slack_hook.slack_hook(url) is not None:
        return "slack"
    if _scheme(url) in webhook.SCHEMES:
        return _scheme(url)
    try:
        plugin = _open(url)
    except UsageError:
        return _scheme(url) or "unknown"
    if isinstance(plugin, mail.Mail) and plugin.targets:
        return f"{plugin.schema} to {plugin.recipient.domain}"
    return _scheme(url) if _scheme(url) in chat.names(plugin) else str(plugin.schema)


@dataclass(frozen=True)
class Transport:
    """`silence`: seconds without a sign of life (connecting, the next byte); `limit`: seconds in all.

    `slack` is where Slack's webhooks are; `pause` waits between two parts of a message for so many seconds.
    """

    silence: float = 20.0
    limit: float = 60.0
    slack: str = slack_hook.BASE
    pause: Callable[[float], None] = field(default=time.sleep, repr=False)

    @cached_property
    def _poster(self) -> Poster:
        return Poster(self.silence)

    @cached_property
    def _hooks(self) -> Poster:
        return Poster(min(self.silence, webhook.SECONDS))

    @cached_property
    def _sessions(self) -> Sessions:
        return Sessions()

    def send(
        self,
        url: str,
        message: Message,
        key: str,
        *,
        now: datetime,
        public: bool = False,
        mark: int = 0,
        begin: Callable[["Work"], None] | None = None,
    ) -> str:
        """What the channel answered when it accepted the message, else raises Permanent or Temporary.

        `key` names this one message over all its tries (letters, digits and `._-`): a webhook gets it as
        Idempotency-Key, a mail as its Message-ID. `public`: a stranger gave the address. `mark` is where
        an earlier try ended. `begin` is given the work before it is done by a caller that watches from
        another thread, and calls `end` after its last; else a send that takes too long is left to itself here.
        """
        if not KEY.fullmatch(key):
            raise ValueError(f"not a delivery key: {key!r}")
        try:
            check(url, public=public)
            if _scheme(url) in webhook.SCHEMES:
                work = self._hook(url, message, key, now, mark, public=public)
            else:
                sessions = self._sessions if begin else None
                work = Work(self._parts(url, message, key, now, sessions), self.limit, mark)
        except UsageError as error:
            raise Permanent(str(error)) from None
        if begin:
            begin(work)
            work.do(self.pause)
        else:
            HANDS.do(partial(work.do, self.pause), work.limit)
        if trouble := work.trouble():
            raise trouble
        return work.answer

    def _hook(self, url: str, message: Message, key: str, now: datetime, mark: int, *, public: bool) -> Work:
        """What is to be done for a webhook of ours."""
        send = partial(webhook.hook(url).send, self._hooks, message.payload, key, now, public=public)
        return Work([Part(b"", send)], min(self.limit, webhook.SECONDS), mark)

    def end(self) -> None:
        """Part from mail servers, when no more is to be sent for now."""
        HANDS.do(self._sessions.end, self.silence)

    def _parts(self, url: str, message: Message, key: str, now: datetime, sessions: Sessions | None) -> list[Part]:
        """One call for each part of the message."""
        slack = slack_hook.slack_hook(url)
        if slack is not None:
            send = partial(slack.send, self._poster, self.slack)
            # Without the header, which counts what is told and says what could not be read.
            return [
                Part(msgspec.json.encode(post["blocks"][1:]), partial(send, post, now)) for post in message.posts
            ]
        plugin: Any = _open(url, self.silence)
        silence = max(plugin.socket_connect_timeout, plugin.socket_read_timeout)
        if isinstance(plugin, mail.Mail):
            return [Part(b"", partial(mail.send, plugin, message, key, now, silence, sessions))]
        if chat.names(plugin) & WEBHOOKS:
            plugin.headers["Idempotency-Key"] = key
            told = [(message.subject, message.text, NotifyFormat.TEXT)]
        elif chat.names(plugin) & chat.MAIL_SERVICES:
            told = [(message.subject, message.html, NotifyFormat.HTML)]
        else:
            told = chat.parts(plugin, message.subject, message.text, message.frame)
        level = NotifyType(message.level)
        return [
            Part(f"{title}\n{body}".encode(), partial(_notify, plugin, title, body, form, level, now, silence))
            for title, body, form in told
        ]


def _notify(
    plugin: Any, title: str, body: str, form: NotifyFormat, level: NotifyType, now: datetime, silence: float
) -> str:
    with answers.watched() as seen:
        accepted = plugin.notify(body=body, title=title, body_format=form, notify_type=level)
    if not accepted:
        raise answers.outcome(seen, now, silence)
    return answers.taken(seen)


def _open(url: str, silence: float = 20.0) -> NotifyBase:
    """A fresh plugin: one that is used again pauses between its messages, as its service asks between parts."""
    scheme = _scheme(url)
    parsed: dict[str, Any] | None = url_to_dict(url) if scheme else None
    if not parsed:
        raise UsageError(_unknown(scheme))
    # Nothing is left for Apprise to cut: webhooks get one message whatever its length, the others get our parts.
    parsed = {"cto": silence, "rto": silence, **parsed, "overflow": "upstream", "retry": 0}
    try:
        if parsed["schema"] in MAIL:
            return mail.Mail(asset=ASSET, **parsed)
        plugin = Apprise.instantiate(parsed, asset=ASSET)
    except (TypeError, ValueError, AttributeError):  # what Apprise raises for settings it does not accept
        plugin = None
    if plugin is None:
        raise UsageError(f"Apprise does not accept this {scheme}:// channel: see its documentation.")
    return plugin


def _scheme(url: str) -> str:
    found = re.match(r"\s*([A-Za-z][A-Za-z0-9+.-]{1,20})://", url)
    return found[1].lower() if found else ""


def _unknown(scheme: str) -> str:
    if not scheme:
        return "The channel is not a URL such as mailto://, stemwatch+https:// or slack://."
    if scheme in {"http", "https"}:
        return (
            f"Apprise knows no channel of this kind at {scheme}://: for a webhook write json{scheme[4:]}://, "
            f"or stemwatch+{scheme}:// for one that is signed."
        )
    if scheme in NotificationManager():
        return f"Apprise does not accept this {scheme}:// channel: see its documentation."
    return f"Apprise knows no channel of the kind {scheme}://."
