"""When a source is due again: jitter, busy days, failures, and what its site asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stemwatch.cadence import BUSY, JITTER, LONGEST_PAUSE, Cadence, Standing

MONDAY = datetime(2025, 1, 27, 12, 0, tzinfo=UTC)
EVERY = timedelta(hours=6)
QUIET, BUSY_TUESDAY = Cadence(EVERY), Cadence(EVERY, ("tuesday",))
moments = st.timedeltas(timedelta(), timedelta(days=900)).map(MONDAY.__add__)
pauses = st.timedeltas(timedelta(minutes=1), timedelta(days=9))
runs = st.text("abc123", min_size=1)


def standing(last: datetime | None = MONDAY, **other: object) -> Standing:
    return Standing(source="us_fda_warning_letters", last_run="run-1", last_started_at=last, **other)  # type: ignore[arg-type]


def pause(cadence: Cadence, last: datetime = MONDAY, **other: object) -> timedelta:
    due = cadence.due_at(standing(last, **other))
    assert due is not None
    return due - last


def near(found: timedelta, expected: timedelta) -> bool:
    return abs(found - expected) <= JITTER * expected


def test_nobody_says_when_a_source_that_was_never_looked_at_is_due() -> None:
    assert QUIET.due_at(Standing(source="us_fda_warning_letters")) is None


@given(moments, pauses, runs)
def test_a_pause_is_what_was_asked_for_within_the_jitter_and_never_moves(
    last: datetime, every: timedelta, run: str
) -> None:
    cadence, now = Cadence(every), Standing(source="s", last_run=run, last_started_at=last)
    due = cadence.due_at(now)
    assert due is not None
    assert near(due - last, every)
    assert cadence.due_at(now) == due
    assert cadence.pause(now) == due - last


def test_runs_and_sources_spread_over_the_jitter() -> None:
    dues = {QUIET.due_at(Standing(source="s", last_run=f"run-{n}", last_started_at=MONDAY)) for n in range(50)}
    assert len(dues) == 50
    found = sorted(due - MONDAY for due in dues if due)
    assert found[-1] - found[0] > JITTER * EVERY


@pytest.mark.parametrize(
    ("failures", "hours"), [(0, 6), (1, 6), (2, 12), (3, 24), (4, 24), (12, 24)], ids=lambda value: str(value)
)
def test_each_failure_after_the_first_doubles_the_pause_up_to_a_day(failures: int, hours: int) -> None:
    assert near(pause(BUSY_TUESDAY, failures=failures), timedelta(hours=hours))


@given(pauses, st.integers(0, 50))
def test_failing_never_makes_a_pause_shorter_nor_longer_than_a_day_unless_it_was(
    every: timedelta, failures: int
) -> None:
    found = pause(Cadence(every), failures=failures)
    assert every * (1 - JITTER) <= found <= max(every, LONGEST_PAUSE) * (1 + JITTER)


def test_on_a_busy_day_a_source_is_looked_at_more_often() -> None:
    assert near(pause(BUSY_TUESDAY, MONDAY + timedelta(days=1)), EVERY / BUSY)
    assert near(pause(BUSY_TUESDAY, MONDAY), EVERY)


def test_a_busy_day_is_not_slept_into() -> None:
    late = datetime(2025, 1, 27, 22, 0, tzinfo=UTC)
    assert BUSY_TUESDAY.due_at(standing(late)) == datetime(2025, 1, 28, 0, 0, tzinfo=UTC)
    assert near(pause(Cadence(timedelta(days=5), ("tuesday",)), MONDAY), timedelta(days=5) / BUSY)


def test_the_end_of_a_busy_day_is_the_end_of_its_haste() -> None:
    assert near(pause(BUSY_TUESDAY, datetime(2025, 1, 28, 23, 30, tzinfo=UTC)), EVERY)


@given(moments, pauses)
def test_a_busy_day_only_brings_a_look_forward(last: datetime, every: timedelta) -> None:
    assert pause(Cadence(every, ("tuesday", "thursday")), last) <= pause(Cadence(every), last)


def test_what_a_site_asked_for_is_kept_whatever_the_day() -> None:
    until = MONDAY + timedelta(days=3)
    assert BUSY_TUESDAY.due_at(standing(not_before=until, failures=1)) == until
    assert QUIET.pause(standing(not_before=until, failures=1)) == timedelta(days=3)
    assert near(pause(QUIET, not_before=MONDAY + timedelta(minutes=1)), EVERY)
