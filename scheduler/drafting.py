"""New sources: one look, a draft of the file, and the recorded moment that it replays."""

import re
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.crawling import Options, crawl
from scheduler.house import House
from spiders.common.guessing import Guess, guess, guess_article
from spiders.common.recording import answers, save_moment
from spiders.common.skeleton import Draft, draft, skeleton
from stemwatch.bundle import Bundle, Report
from stemwatch.errors import StemwatchError, UsageError
from stemwatch.reading import Known

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"[a-z]{2}_[a-z]+(_[a-z]+)+")
PAGES = 3
"""How many notices' pages a moment holds."""


def recorded_folder(name: str) -> Path:
    """Where a source's recorded moment lies. StemwatchError where this is no clone of the repository."""
    folder = ROOT / "tests" / "sources"
    if not folder.is_dir():
        raise StemwatchError(
            "Sources are written in a clone of the repository; this is none: it has no tests/sources."
        )
    return folder / name


def record(house: House, name: str) -> Report:
    """Record the moment of a source anew: the newest part of its list and a few pages, as of now."""
    house.source(name)
    folder = recorded_folder(name)
    with TemporaryDirectory(prefix="stemwatch-") as scratch:
        bundle = _crawl(house, name, Options(front_only=True, details=PAGES), Path(scratch))
        if bundle.report.stopped is None:
            save_moment(bundle, folder, front_only=True, details=PAGES)
    return bundle.report


def new_source(house: House, name: str, url: str) -> Report:
    """Look at `url`, draft the spider's file, record its first moment. The report is that of the recording."""
    file, folder = _place(house, name, url), recorded_folder(name)
    if folder.exists():
        raise UsageError(f"There is already a folder tests/sources/{name}: remove it, or choose another name.")
    with TemporaryDirectory(prefix="stemwatch-") as scratch:
        made = _look(house, name, url, Path(scratch))
    _write(file, skeleton(made))
    report = record(replace(house, sources={**house.sources, name: made.source}), name)
    if report.leftover:
        _write(file, skeleton(made, report.leftover))
    return report


def _write(file: Path, code: str) -> None:
    """Whole or not at all, because whoever crawls meanwhile imports every source."""
    partial = file.with_suffix(".partial")
    partial.write_text(code, encoding="utf-8")
    partial.replace(file)


def _place(house: House, name: str, url: str) -> Path:
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} names no source: it takes <country>_<agency>_<list>, as us_ftc_press_releases."
        )
    file = ROOT / "spiders" / f"{name}.py"
    if name in house.sources or file.exists():
        raise UsageError(f"There is already a source {name}: `stemwatch record {name}` records it anew.")
    if not url.startswith("https://"):
        raise UsageError(f"{url!r} is no address of a list: it begins with https://.")
    return file


def _look(house: House, name: str, url: str, scratch: Path) -> Draft:
    """What the first answers make of a source. StemwatchError when there are none, or they are no list."""
    blank = draft(name, url, Guess(base="FeedSpider", rows=0), None).source
    looking = replace(house, sources={**house.sources, name: blank})
    bundle = _crawl(looking, name, Options(draft=blank), scratch)
    if bundle.report.stopped is not None:
        raise StemwatchError(f"{url} was looked at, but cannot be drafted: {bundle.report.reason}")
    found = [(capture.url, body) for capture, _, body in answers(bundle) if capture.status == 200]
    (address, listed), *pages = found
    return draft(name, url, guess(address, listed), guess_article([body for _, body in pages]))


def _crawl(house: House, name: str, options: Options, scratch: Path) -> Bundle:
    """One crawl as if nothing were known, with its data in `scratch`."""
    elsewhere = replace(house, home=scratch)
    return Bundle(crawl(elsewhere, name, Known(source=name), options, lambda told: None))
