"""How far a run may be believed. Pure: a report, the source's expectations and the last good size go in."""

import msgspec

from stemwatch.bundle import Report
from stemwatch.records import Expectations
from stemwatch.words import Verdict


class Judgement(msgspec.Struct, frozen=True):
    """The verdict on a run and the sentence that explains it; an `ok` may still carry a warning."""

    verdict: Verdict
    reason: str = ""

    @property
    def trusted(self) -> bool:
        """Only a trusted run edits or counts absences; any other may only add."""
        return self.verdict == "ok"


FEW_EDITS = 20
"""So many notices may be edited at once in a list of any size."""

FEW_EDITS_OF_WINDOW = 5


def judge(
    report: Report, expected: Expectations, *, last_size: int, differing: int = 0, compared: int = 0
) -> Judgement:
    """The verdict on one run.

    `last_size` is how many notices were listed before it, 0 when nothing was or when the list is a window;
    `differing` how many of them read otherwise now, by the same reading; `compared` how many a window shows that
    are known.
    """
    if report.stopped is not None:
        return Judgement(report.stopped, report.reason)
    if report.unchanged:
        doubt = _pages_failed(report, expected)
        return Judgement("partial", doubt) if doubt else Judgement("ok", _warning(report, expected))
    if report.seen == 0:
        return Judgement("empty", "The list came without a single notice.")
    doubts = [
        *_doubts(report, expected, last_size),
        _rewritten(expected, last_size, differing) if last_size else _window_rewritten(compared, differing),
    ]
    doubts = [doubt for doubt in doubts if doubt]
    if doubts:
        return Judgement("partial", " ".join(doubts))
    return Judgement("ok", _warning(report, expected))


def _doubts(report: Report, expected: Expectations, last_size: int) -> list[str]:
    return [
        report.gap,
        _incomplete(report),
        _too_small(report, expected, last_size),
        *_badly_filled(report, expected),
        _doubtful(report),
        _pages_failed(report, expected),
        f"{report.first_way_failed} The second way was taken." if report.first_way_failed else "",
    ]


def _incomplete(report: Report) -> str:
    if report.total is None or report.seen == report.total:
        return ""
    return f"The site counts {report.total:,} notices, {report.seen:,} were found."


def _too_small(report: Report, expected: Expectations, last_size: int) -> str:
    if report.seen < expected.least:
        return f"The list has {report.seen:,} notices; fewer than {expected.least:,} are not believed."
    if report.seen < last_size * (1 - expected.shrink):
        return f"The list has {report.seen:,} notices where {last_size:,} were listed before."
    return ""


def _rewritten(expected: Expectations, last_size: int, differing: int) -> str:
    """A regulator edits a letter now and then; when a whole list reads otherwise, its layout has changed."""
    if differing <= max(FEW_EDITS, expected.edited * last_size):
        return ""
    return (
        f"{differing:,} of {last_size:,} notices read otherwise than before, which is no edit of theirs. "
        "When the list was rewritten, raise the source's revision."
    )


def _window_rewritten(compared: int, differing: int) -> str:
    """A window shows few notices at a time; more than half of them edited at once are a changed layout."""
    if not compared or differing <= max(FEW_EDITS_OF_WINDOW, compared // 2):
        return ""
    return f"{differing:,} of {compared:,} notices read otherwise than before, which is no edit of theirs."


def _badly_filled(report: Report, expected: Expectations) -> list[str]:
    """History may say less of a notice, so what was found by looking back does not count."""
    count = report.seen - report.backfilled
    return [
        f"Only {report.filled.get(field, 0):,} of {count:,} notices carry {field}."
        for field, share in expected.filled.items()
        if report.filled.get(field, 0) < share * count
    ]


def _doubtful(report: Report) -> str:
    if not report.doubtful:
        return ""
    first = report.doubtful[0]
    return f"{len(report.doubtful)} values are unlike anything a regulator prints, the first: {first}"


def _pages_failed(report: Report, expected: Expectations) -> str:
    tried = report.details_read + report.details_failed
    if not tried or report.details_failed <= expected.failed_pages * tried:
        return ""
    return f"{report.details_failed} of {tried} pages could not be read."


def _warning(report: Report, expected: Expectations) -> str:
    notes = list(report.notes)
    age = (report.started_at.date() - report.newest_on).days if report.newest_on else 0
    if expected.fresh_days and age > expected.fresh_days:
        notes.append(f"Nothing new for {age} days, the newest is of {report.newest_on}.")
    if report.details_failed:
        notes.append(f"{report.details_failed} pages could not be read.")
    if report.leftover:
        notes.append(f"Nobody reads: {', '.join(report.leftover)}.")
    return " ".join(notes)
