"""From a delivery to its message: the one place where what is owed meets the words it is told in."""

from collections.abc import Sequence
from datetime import datetime

from notify.content import Coverage
from notify.frame import Frame
from notify.message import Mention, Message, burst, correction, digest, note
from stemwatch.store.contents import Content
from stemwatch.store.corrections import Correction
from stemwatch.store.outbox import Delivery
from stemwatch.store.reports import Report
from stemwatch.subscriptions import Subscription


def frame_of(subscription: Subscription) -> Frame:
    return Frame(
        subscription=subscription.name,
        note=subscription.note,
        zone=subscription.zone,
        language=subscription.language,
    )


def rendered(
    delivery: Delivery,
    subscription: Subscription,
    contents: Sequence[Content],
    coverage: Coverage,
    about: Report | Correction | None,
    now: datetime,
) -> Message:
    """The message of a delivery. `about` is what a report or a correction says."""
    frame = frame_of(subscription)
    if isinstance(about, Report):
        return note(about.subject, about.lines, frame, at=now)
    mentions = mentioned(contents)
    if isinstance(about, Correction):
        return correction(mentions[0], frame, told_at=about.told_at, wrong=about.why)
    if delivery.kind in {"daily", "weekly"}:
        assert delivery.starts_at is not None
        assert delivery.ends_at is not None
        weekly = delivery.kind == "weekly"
        return digest(mentions, frame, delivery.starts_at, delivery.ends_at, coverage, weekly=weekly)
    return burst(mentions, frame)


def mentioned(contents: Sequence[Content]) -> list[Mention]:
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
        clinics=contents[-1].clinics,
        also=contents[-1].also,
    )
