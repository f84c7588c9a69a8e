"""README.txt of a release: what it is, what was looked at, and what it does not say."""

from collections.abc import Sequence
from datetime import date, datetime
from textwrap import fill

from publish.releases.cells import MARK_ABOUT
from publish.releases.citation import cited
from publish.releases.columns import FORMAT_VERSION
from publish.releases.tables import FILES
from stemwatch.dataset import SourceRow
from stemwatch.text import clean

WHAT = """
What regulators published on the lists below, and what happened to each notice since Stemwatch began
to watch: new, edited, closed out, answered, taken off the list. Stemwatch watches for unapproved stem
cell, exosome and birth-tissue treatments, but keeps every notice of a list; the column `relevance` tells
them apart.
"""

ALSO = """\
stemwatch.db                  all of them in one SQLite file, with the texts and a full-text search
delta.jsonl, delta.json       rows added, corrected and removed since the release before, if there was one
datapackage.json              the columns, keys and checksums (Frictionless Data Package)
croissant.json                the same for machine learning (Croissant)
dataset.jsonld                the same for search engines and data portals (schema.org, DCAT)
CITATION.cff                  how to cite it
SHA256SUMS                    check the files with: sha256sum -c SHA256SUMS"""

SHORT = {
    "sources": "the lists that are watched, how that went, and their terms",
    "notices": "every notice as it stands now",
    "changes": "everything that happened, oldest first",
    "clinics": "who is named, gathered across notices",
    "clinic_names": "under which names, and when",
    "relations": "how clinics stand to each other",
    "labels": "what people decided about relevance",
    "captures": "every response kept as evidence",
    "evidence": "which of them each notice rests on",
}

CSV = f"""
{MARK_ABOUT} Format version {FORMAT_VERSION}; DATA_FORMAT.md of Stemwatch explains every column, and so does the
table `columns` of the SQLite file.
"""

TERMS = """
Each regulator publishes its list on its own terms, which stand beside it above and in the column
`sources.licence`. What Stemwatch adds is facts and judgements of its own; keep to the regulators' terms when you
pass their words on.
"""

CAVEAT = """
A notice says what a regulator held when it was issued. The matter may have been resolved since, and not
every regulator publishes that it was. Before you rely on a notice, open its address and look at how it
stands now. A firm that is not named here has not thereby been found to be in order: it may never have
been looked at, or its notice may be on a list that Stemwatch does not read.
"""


def readme(sources: Sequence[SourceRow], day: date, formats: Sequence[str]) -> str:
    """The whole text; `day` is that of the release, `formats` the endings of the files of each table."""
    title = f"Stemwatch: release of {day}"
    parts = [
        f"{title}\n{'=' * len(title)}",
        _wrapped(WHAT),
        _wrapped(f"Each table as {', '.join(formats)}:"),
        "\n".join(f"{table.name:<30}{SHORT[table.name]}" for table in FILES),
        ALSO,
        _wrapped(CSV),
        "What was looked at\n------------------",
        *([_coverage(source) for source in sources] or ["No source has been looked at yet."]),
        "Terms, and how to cite it\n-------------------------",
        _wrapped(TERMS),
        _wrapped(cited(day)),
        "What it does not say\n--------------------",
        _wrapped(CAVEAT),
    ]
    return "\n\n".join(parts) + "\n"


def _coverage(source: SourceRow) -> str:
    checked = _moment(source.last_ok_at) if source.last_ok_at else "never"
    lines = [
        f"{clean(source.title)} ({source.source}), {clean(source.regulator)}",
        f"  last good check: {checked}",
        f"  newest notice:   {source.newest_on or 'none'}",
        f"  notices held:    {source.notices}",
        f"  terms:           {clean(source.licence) or 'not known'}",
    ]
    if source.verdict not in (None, "ok"):
        since = f" since {_moment(source.verdict_since)}" if source.verdict_since else ""
        lines.append(f"  not in order{since}: {source.verdict}, {clean(source.reason)}".rstrip(", "))
    return "\n".join(lines)


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _wrapped(text: str) -> str:
    return fill(clean(text), 90)
