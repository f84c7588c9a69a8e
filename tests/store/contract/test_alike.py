"""Whatever runs come in, in whatever order: both implementations tell the same and know the same."""

from collections.abc import Iterable
from contextlib import closing
from datetime import date
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stemwatch.bundle import Bundle
from stemwatch.records import Expectations, Source, Validators
from stemwatch.views import ChangeView
from tests.store.builders import NAME, SITE, SOURCE, letter, look, page
from tests.store.contract.places import Place

SOMETIMES = st.sampled_from([False, False, False, True])
DAYS = st.sampled_from([None, date(2025, 6, 3), date(2025, 7, 1)])
KEYS = st.sampled_from([f"firm-{name}" for name in "abcde"])
WINDOW = msgspec.structs.replace(SOURCE, list="window", expectations=Expectations())
ASKED = {SITE: Validators(etag='"list"')}
NUMBERED = ("change", "clinics")
"""Change numbers depend on the order in which a set is read, clinics are no part of the contract."""


def rarely(value: object) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, None, None, value])


ROWS = st.builds(
    letter,
    KEYS,
    title=st.sampled_from(["Firm, Inc.", "FIRM INC", "Other LLC"]),
    subject=st.sampled_from(["Deviations", "HCT/P – drugs", "HCT/P - drugs"]),
    case_number=st.sampled_from(["", "612345"]),
    posted_on=st.sampled_from([None, date(2025, 1, 28), date(2025, 1, 29)]),
    closed_out_on=DAYS,
    responded_on=DAYS,
    doubtful=SOMETIMES,
    backfilled=SOMETIMES,
)
LISTS = st.lists(ROWS, min_size=1, max_size=5, unique_by=lambda listed: listed.key)
PAGES = st.builds(
    lambda key, *words, **said: page(letter(key, closed_out_url=f"{SITE}closed"), *words, **said),
    KEYS,
    st.sampled_from(
        ["We inspected you.", "We inspected\u00a0you.", "Exosomes of umbilical cord.\nReply.", "Reply."]
    ),
    st.sampled_from(["notice", "notice", "closeout"]),
    label=st.sampled_from(["WARNING LETTER", "CORRECTED LETTER"]),
    kind=st.sampled_from(["", "", "", "closeout_letter"]),
    closed_out_on=rarely(date(2025, 5, 5)),
    posted_on=rarely(date(2025, 5, 6)),
    fields=st.sampled_from([{}, {"recipient": "Dr. Example"}, {"subject": "Deviations"}]),
)
OUTCOMES = st.sampled_from(["gone", "gone", "alive", "failed", "unchanged"])
LOOKS = st.builds(lambda key, outcome: look(letter(key), outcome), KEYS, OUTCOMES)
REPORTS = st.sampled_from(
    [{}, {}, {}, {}, {"stopped": "blocked"}, {"total": 99}, {"revision": 2}, {"unchanged": True}, {"lists": ASKED}]
)
RUNS = st.tuples(LISTS, st.lists(PAGES, max_size=3), st.lists(LOOKS, max_size=3), REPORTS)


@settings(max_examples=12, deadline=None)
@given(
    source=st.sampled_from([SOURCE, WINDOW]),
    history=st.lists(st.tuples(RUNS, st.booleans(), st.booleans()), min_size=1, max_size=7),
)
def test_the_same_runs_come_to_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    source: Source,
    history: list[tuple[tuple[Any, Any, Any, dict[str, Any]], bool, bool]],
) -> None:
    """`held`: the bundle arrives after the next one. `matched`: every change was looked at by then."""
    home = tmp_path_factory.mktemp("alike")
    with closing(Place("sqlite", home / "one", source)) as one:
        other = Place("memory", home / "other", source)
        waiting: list[Bundle] = []
        for (rows, pages, looks, report), held, matched in history:
            waiting.append(one.bundle(rows, pages, looks, **report))
            other.days = one.days
            while waiting and not held:
                compare(one, other, waiting.pop())
            for place in (one, other) if matched else ():
                place.match()


def compare(one: Place, other: Place, bundle: Bundle) -> None:
    assert one.store.apply(bundle, one.now) == other.store.apply(bundle, one.now)
    assert told(one.store.changes()) == told(other.store.changes())
    assert told(one.store.unmatched()) == told(other.store.unmatched())
    assert one.store.known(NAME) == other.store.known(NAME)


def told(changes: Iterable[ChangeView]) -> list[dict[str, Any]]:
    """What happened to each notice, in its order."""
    plain = [msgspec.to_builtins(change) for change in changes]
    kept = [{name: change[name] for name in change if name not in NUMBERED} for change in plain]
    return sorted(kept, key=lambda change: str(change["notice"]))
