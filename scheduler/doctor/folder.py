"""The data folder, the database in it, the channels that it and the settings name, and the backups."""

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from notify.dispatch import check_channels
from scheduler import backup
from scheduler.crawling import CLOCK_SLACK, INBOX
from scheduler.delivering import LOCK
from scheduler.doctor.finding import Finding, State, number
from scheduler.house import House
from scheduler.operator import LEAST_FREE
from scheduler.subscribers import receivers, subscribers
from stemwatch.errors import StemwatchError
from stemwatch.store.keys import FILE as KEY
from stemwatch.store.peeking import Peek, peek
from stemwatch.store.store import DATABASE
from stemwatch.subscriptions import Subscription


def folder(house: House) -> Iterator[Finding]:
    home, key = house.home, house.home / KEY
    if not home.exists():
        yield Finding("data folder", "warning", f"There is no {home} yet: the first crawl makes it.")
        return
    if not (home.is_dir() and os.access(home, os.R_OK | os.W_OK | os.X_OK)):
        yield Finding(
            "data folder", "trouble", f"{home} cannot be written: give it to the user that runs Stemwatch."
        )
        return
    if stat.S_IMODE(home.stat().st_mode) & 0o022:
        yield Finding("data folder", "trouble", f"Others may write to {home}: run `chmod go-w {home}`.")
    else:
        yield Finding("data folder", "ok", f"{home} can be written, by its owner alone.")
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding("key", "trouble", f"Others may read the key {key}: run `chmod 600 {key}`.")
    yield _disk(home)
    yield _owner(house)
    if rejected := sorted(path.name for path in (home / INBOX).glob("*.rejected")):
        said = f"{number(len(rejected), 'crawl')} could not be applied, as {rejected[0]}: remove it once seen."
        yield Finding("inbox", "warning", said)


def _disk(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    said = f"{free // 1_000_000:,} MB are free on the disk of {home}"
    if free >= LEAST_FREE:
        return Finding("disk", "ok", f"{said}.")
    state: State = "warning" if free >= LEAST_FREE // 10 else "trouble"
    return Finding("disk", state, f"{said}: make room.")


def _owner(house: House) -> Finding:
    """A lock ends with its process, so a file that a killed one left in `locks` holds nobody up."""
    try:
        with house.lock(LOCK, busy=""):
            return Finding("owner", "ok", "No service is at work on this folder.")
    except StemwatchError as error:
        busy = not str(error)
        said = "A service or `stemwatch deliver` is at work on this folder: a second one would be refused."
        return Finding("owner", "ok" if busy else "trouble", said if busy else str(error))


def stored(house: House) -> Iterator[Finding]:
    """The database, and what it says of clock and channels."""
    path = house.home / DATABASE
    if not path.exists():
        yield Finding("database", "ok", "There is none yet: the first crawl makes it.")
        yield from _channels(house, None)
        return
    try:
        seen = peek(path)
    except StemwatchError as error:
        yield Finding("database", "trouble", str(error))
        return
    yield _shape(seen)
    yield _clock(seen, house.clock.now())
    yield from _channels(house, None if seen.pending or seen.unknown else path)


def _shape(seen: Peek) -> Finding:
    if seen.unknown:
        return Finding("database", "trouble", f"A newer Stemwatch made it ({seen.unknown[0]}): upgrade Stemwatch.")
    if seen.pending:
        steps = number(len(seen.pending), "step")
        return Finding(
            "database", "warning", f"{steps} will bring it up to date at the next start: back it up first."
        )
    return Finding("database", "ok", "It is up to date. `stemwatch verify` looks at all of it.")


def _clock(seen: Peek, now: datetime) -> Finding:
    last = seen.last_started_at
    if last and last - now > CLOCK_SLACK:
        said = f"It says {now:%Y-%m-%d %H:%M} UTC, before the newest run of {last:%Y-%m-%d %H:%M}: set it right."
        return Finding("clock", "trouble", said)
    return Finding("clock", "ok", f"It says {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC, after the newest run.")


def _channels(house: House, database: Path | None) -> Iterator[Finding]:
    """Every channel that can be looked at: those of the settings, and those of an up-to-date database."""
    if database:
        with house.store() as store:
            everybody: Sequence[Subscription] = receivers(house, store, subscribers(house, store))
    else:
        everybody = house.config.subscriptions
    good = 0
    for one in everybody:
        try:
            check_channels([one], house.environ)
            good += 1
        except StemwatchError as error:
            yield Finding("channels", "trouble", str(error))
    if not everybody:
        yield Finding("channels", "warning", "Nobody is told anything: add a [[subscriptions]] to the settings.")
    elif good:
        yield Finding("channels", "ok", f"{number(good, 'channel')} can be used.")


def backups(house: House) -> Iterator[Finding]:
    settings = house.config.backup
    if not settings.folder:
        yield Finding("backups", "warning", "There are none: set `folder` of [backup], or run `stemwatch backup`.")
        return
    newest = backup.newest(Path(settings.folder))
    if newest is None:
        yield Finding("backups", "warning", f"There is none in {settings.folder} yet.")
        return
    age = house.clock.now() - backup.made_at(newest)
    late = age > 2 * timedelta(hours=settings.every_hours)
    said = f"The newest, {newest}, is {age.total_seconds() / 3600:.0f} hours old"
    yield Finding("backups", "warning" if late else "ok", f"{said}: look at the log." if late else f"{said}.")
