"""From a delivery to its message: the one place where what is owed meets the words it is told in."""

from collections.abc import Sequence
from html import escape

from notify.message import Coverage, Mention, Message, alert, digest
from stemwatch.store.contents import Content
from stemwatch.store.corrections import Correction
from stemwatch.store.outbox import Delivery
from stemwatch.store.reports import Report
from stemwatch.subscriptions import Subscription


def rendered(
    delivery: Delivery,
    subscription: Subscription,
    contents: Sequence[Content],
    coverage: Coverage,
    about: Report | Correction | None,
) -> Message:
    """The message of a delivery. `about` is what a report or a correction says."""
    if isinstance(about, Report):
        return note(about)
    found = mentions(contents)
    if isinstance(about, Correction):
        return _corrected(alert(found[0], subscription.name, zone=subscription.zone), about.why)
    if delivery.kind in {"at_once", "item"} or (delivery.kind == "burst" and len(found) == 1):
        return alert(found[0], subscription.name, zone=subscription.zone)
    assert delivery.starts_at is not None
    assert delivery.ends_at is not None
    return digest(found, subscription.name, delivery.starts_at, delivery.ends_at, subscription.zone, coverage)


def note(report: Report) -> Message:
    """A message of plain sentences."""
    text = "\n\n".join(report.lines)
    html = "".join(f"<p>{escape(line)}</p>" for line in report.lines)
    return Message(report.subject, text, html)


def _corrected(message: Message, why: str) -> Message:
    return Message(
        f"Correction: {message.subject}",
        f"Correction: {why}\n\n{message.text}",
        f"<p>Correction: {escape(why)}</p>{message.html}",
    )


def mentions(contents: Sequence[Content]) -> list[Mention]:
    """Each notice once, with everything that this delivery tells of it."""
    by_notice: dict[str, list[Content]] = {}
    for content in contents:
        by_notice.setdefault(content.notice.notice, []).append(content)
    return [_mention(found) for found in by_notice.values()]


def _mention(contents: Sequence[Content]) -> Mention:
    return Mention(
        notice=contents[-1].notice,
        changes=tuple(content.change for content in contents),
        diff=tuple(line for content in contents for line in content.diff),
        why=tuple(dict.fromkeys(reason for content in contents for reason in content.why)),
    )
