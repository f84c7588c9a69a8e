"""From a delivery to its message: the one place where what is owed meets the words it is told in."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from notify.content import Content as Told
from notify.content import Coverage
from notify.frame import Frame
from notify.message import Mention, Message, burst, correction, digest, note
from stemwatch.deliveries import Content, Correction, Delivery, Report
from stemwatch.signup import Letter
from stemwatch.site import Pages
from stemwatch.subscriptions import Kept, Subscription


def frame_of(subscription: Subscription, pages: Pages) -> Frame:
    """What stands around all that this subscription is told; `pages` are ours."""
    links = pages.links(subscription.name)
    return Frame(
        subscription=subscription.name,
        note=subscription.note,
        public=isinstance(subscription, Kept) and subscription.public and bool(pages.site),
        zone=subscription.zone,
        language=subscription.language,
        site=pages.site,
        unsubscribe=links.unsubscribe,
        manage=links.manage,
    )


def rendered(
    delivery: Delivery,
    subscription: Subscription,
    contents: Sequence[Content],
    coverage: Coverage,
    about: Report | Correction | None,
    pages: Pages,
    now: datetime,
) -> Message:
    """The message of a delivery. `about` is what a report or a correction says."""
    if isinstance(subscription, Letter):
        return letter(subscription, pages, now)
    frame = frame_of(subscription, pages)
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


def letter(receiver: Letter, pages: Pages, now: datetime) -> Message:
    """A mail about subscribing: our own words alone, whatever was asked for."""
    frame = Frame(zone=receiver.zone, language=receiver.language, site=pages.site)
    said = msgspec.structs.asdict(frame.words.letters)
    token = receiver.token()
    filled = {"often": said[receiver.send], "day": frame.words.day(receiver.until.astimezone(frame.zone).date())}
    content = Told(
        "note",
        start=now,
        subject=said[f"{receiver.kind}_subject"],
        sentences=(said[f"{receiver.kind}_said"].format(**filled),),
        act=said[f"{receiver.kind}_act"],
        url=pages.confirm(token) if receiver.kind == "confirm" else pages.manage(token),
        afterwards=said[f"{receiver.kind}_else"].format(**filled),
    )
    return Message(content, frame)


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
