"""README.txt of a release: what it is, what was looked at, and what it does not say."""

from collections.abc import Sequence
from datetime import date, datetime
from textwrap import fill

from publish.tables import FORMAT_VERSION
from stemwatch.text import clean
from stemwatch.views import SourceView

WHAT = """
What regulators published on the lists below, and what happened to each notice since Stemwatch began
to watch: new, edited, closed out, answered, taken off the list. Stemwatch watches for unapproved stem
cell, exosome and birth-tissue treatments, but keeps every notice of a list; the column `relevance` tells
them apart.
"""

FILES = """\
notices.csv, notices.jsonl    every notice as it stands now
changes.csv, changes.jsonl    everything that happened, oldest first
labels.csv, labels.jsonl      what people decided about relevance
stemwatch.db                  both in one SQLite file, with the texts and a full-text search
SHA256SUMS                    check the files with: sha256sum -c SHA256SUMS"""

CSV = f"""
In the CSV files a leading apostrophe keeps a spreadsheet from running a cell as a formula; take one away
to have the original text. Format version {FORMAT_VERSION}; DATA_FORMAT.md of Stemwatch explains every column.
"""

CAVEAT = """
A notice says what a regulator held when it was issued. The matter may have been resolved since, and not
every regulator publishes that it was. Before you rely on a notice, open its address and look at how it
stands now. A firm that is not named here has not thereby been found to be in order: it may never have
been looked at, or its notice may be on a list that Stemwatch does not read.
"""


def readme(sources: Sequence[SourceView], day: date) -> str:
    """The whole text; `day` is that of the release."""
    title = f"Stemwatch: release of {day}"
    parts = [
        f"{title}\n{'=' * len(title)}",
        _wrapped(WHAT),
        FILES,
        _wrapped(CSV),
        "What was looked at\n------------------",
        *([_coverage(source) for source in sources] or ["No source has been looked at yet."]),
        "What it does not say\n--------------------",
        _wrapped(CAVEAT),
    ]
    return "\n\n".join(parts) + "\n"


def _coverage(source: SourceView) -> str:
    checked = _moment(source.last_ok_at) if source.last_ok_at else "never"
    lines = [
        f"{clean(source.title)} ({source.source}), {clean(source.regulator)}",
        f"  last good check: {checked}",
        f"  newest notice:   {source.newest_on or 'none'}",
        f"  notices held:    {source.notices}",
    ]
    if source.verdict not in (None, "ok"):
        since = f" since {_moment(source.verdict_since)}" if source.verdict_since else ""
        lines.append(f"  not in order{since}: {source.verdict}, {clean(source.reason)}".rstrip(", "))
    return "\n".join(lines)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _wrapped(text: str) -> str:
    return fill(clean(text), 90)
