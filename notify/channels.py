"""Sends one message to one channel and says truly what became of it. Here alone Apprise is used.

Apprise answers True or False. What decides over a retry (the HTTP status, the waiting time a receiver
names, the SMTP code) is read where the answers arrive: `notify.answers` and `notify.mail`.
"""

# mypy: disable-error-code="no-untyped-call"
# Apprise is marked as typed, its functions mostly are not.

import logging
import re
import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apprise import Apprise, AppriseAsset, NotificationManager, NotifyBase, NotifyFormat
from apprise.plugins import url_to_dict
from apprise.utils.parse import parse_urls

from notify import answers, mail
from notify.errors import NotAccepted, Permanent, Temporary
from notify.message import Message
from stemwatch import PROJECT_URL
from stemwatch.errors import UsageError

KEY = re.compile(r"[A-Za-z0-9._-]{1,120}")
MAIL = frozenset({"mailto", "mailtos"})
WEBHOOKS = frozenset({"json", "jsons", "xml", "xmls", "form", "forms"})
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


def check(url: str) -> None:
    """UsageError when this is not the URL of exactly one channel with one target. It names the scheme only."""
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
    try:
        plugin = _open(url)
    except UsageError:
        return _scheme(url) or "unknown"
    if isinstance(plugin, mail.Mail) and plugin.targets:
        return f"{plugin.schema} to {plugin.recipient.domain}"
    return str(plugin.schema)


@dataclass(frozen=True)
class Transport:
    """`silence`: seconds without a sign of life (connecting, the next byte); `limit`: seconds in all."""

    silence: float = 20.0
    limit: float = 60.0

    def send(self, url: str, message: Message, key: str, *, now: datetime) -> None:
        """Returns when the channel has accepted the message, else raises Permanent or Temporary.

        `key` names this one message over all its tries (letters, digits and `._-`): a webhook gets it as
        Idempotency-Key, a mail as its Message-ID.
        """
        if not KEY.fullmatch(key):
            raise ValueError(f"not a delivery key: {key!r}")
        try:
            plugin = _open(url, self.silence)
        except UsageError as error:
            raise Permanent(str(error)) from None
        silence = max(plugin.socket_connect_timeout, plugin.socket_read_timeout)
        if isinstance(plugin, mail.Mail):
            refusal = self._in_time(lambda: mail.outcome(plugin, message, key, now, silence))
        else:
            refusal = self._in_time(lambda: _notify(plugin, message, key, now, silence))
        if refusal is not None:
            raise refusal

    def _in_time(self, work: Callable[[], NotAccepted | None]) -> NotAccepted | None:
        """Its result, or Temporary after `limit` seconds: a receiver may send a byte now and then for ever.

        The thread left behind ends with its connection and does not keep the process alive.
        """
        results: list[NotAccepted | None] = []
        context = copy_context()

        def run() -> None:
            try:
                results.append(context.run(work))
            except Exception as error:  # noqa: BLE001 - plugins are many; their errors may quote the URL
                results.append(Temporary(f"The channel failed with {type(error).__name__}."))

        thread = threading.Thread(target=run, name="send", daemon=True)
        thread.start()
        thread.join(self.limit)
        return results[0] if results else Temporary(f"No complete answer within {self.limit:g} s.")


send = Transport().send


def _notify(plugin: Any, message: Message, key: str, now: datetime, silence: float) -> NotAccepted | None:
    if plugin.schema in WEBHOOKS:
        plugin.headers["Idempotency-Key"] = key
    with answers.watched() as seen:
        accepted = plugin.notify(body=message.text, title=message.subject, body_format=NotifyFormat.TEXT)
    return None if accepted else answers.outcome(seen, now, silence)


def _open(url: str, silence: float = 20.0) -> NotifyBase:
    """A fresh plugin: one that is used again pauses between its messages."""
    scheme = _scheme(url)
    parsed: dict[str, Any] | None = url_to_dict(url) if scheme else None
    if not parsed:
        raise UsageError(_unknown(scheme))
    # A webhook gets one message whatever its length; a chat refuses a long one, so it gets it in parts.
    overflow = "upstream" if parsed["schema"] in WEBHOOKS else "split"
    parsed = {"cto": silence, "rto": silence, "overflow": overflow, **parsed, "retry": 0}
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
        return "The channel is not a URL such as mailto://, jsons:// or slack://."
    if scheme in {"http", "https"}:
        return f"Apprise knows no channel of this kind at {scheme}://: for a webhook write json{scheme[4:]}://."
    if scheme in NotificationManager():
        return f"Apprise does not accept this {scheme}:// channel: see its documentation."
    return f"Apprise knows no channel of the kind {scheme}://."
