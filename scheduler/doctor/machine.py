"""Versions, time zones, settings and rules."""

import re
import stat
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from scheduler.doctor.finding import Finding, number
from scheduler.house import House
from stemwatch import PROJECT_URL
from stemwatch.rules import Known, examined
from stemwatch.store.peeking import engine

OLDEST_SQLITE = (3, 35)
"""The first with RETURNING."""


def versions() -> Iterator[Finding]:
    number, searches = engine()
    python = f"Python {sys.version_info[0]}.{sys.version_info[1]}.{sys.version_info[2]}"
    if tuple(map(int, number.split(".")[:2])) < OLDEST_SQLITE or not searches:
        wanted = f"SQLite {OLDEST_SQLITE[0]}.{OLDEST_SQLITE[1]} or newer with FTS5"
        yield Finding("versions", "trouble", f"{python} brings SQLite {number}: use a Python with {wanted}.")
    try:
        needed = [
            re.split(r"[\s<>=;!~\[]", line)[0] for line in requires("stemwatch") or () if "extra ==" not in line
        ]
        found = [f"{name} {version(name)}" for name in needed]
    except PackageNotFoundError as error:
        yield Finding("versions", "trouble", f"{error.name} is not installed: set up the environment anew.")
        return
    yield Finding("versions", "ok", f"{python}, SQLite {number} with FTS5, {', '.join(found)}.")


def time_zones() -> Finding:
    try:
        ZoneInfo("America/New_York")
    except ZoneInfoNotFoundError:
        return Finding("time zones", "trouble", "There is no time-zone data: install the package tzdata.")
    return Finding("time zones", "ok", "Time-zone data is there.")


def settings(house: House) -> Iterator[Finding]:
    path = Path(house.environ.get("STEMWATCH_CONFIG") or "stemwatch.toml")
    if not path.exists():
        yield Finding("settings", "warning", f"There is no {path}: copy stemwatch.example.toml and edit it.")
        return
    yield Finding("settings", "ok", f"{path} is understood.")
    if house.config.contact == PROJECT_URL:
        yield Finding("contact", "warning", "Regulators cannot reach you: set `contact` to an address of yours.")
    if not house.config.operator.channel:
        yield Finding("operator", "warning", "Nobody is told of trouble: set `channel` of [operator].")
    secrets = [one.name for one in house.config.subscriptions if "${" not in one.channel]
    if secrets and stat.S_IMODE(path.stat().st_mode) & 0o044:
        yield Finding("settings", "warning", f"Others may read the channels in {path}: run `chmod 600 {path}`.")
    for name in ("STEMWATCH_MIRROR", "STEMWATCH_NOW"):
        if house.environ.get(name):
            yield Finding("environment", "warning", f"{name} is set, which is for tests and replays: unset it.")


def rules(house: House) -> Iterator[Finding]:
    known = Known(house.sources)
    warnings = [
        f"Rule {name!r}: {warning}"
        for name, rule in house.config.rules.items()
        for warning in examined(rule, known).warnings
    ]
    yield from (Finding("rules", "warning", warning) for warning in warnings)
    if not warnings:
        yield Finding("rules", "ok", f"{number(len(house.config.rules), 'rule')} can match.")
