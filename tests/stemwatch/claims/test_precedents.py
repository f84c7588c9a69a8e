"""The order of precedents: what a reader sees first, and why."""

import pytest

from stemwatch.claims.precedents import Indexed, nearest, standing
from stemwatch.claims.records import Claim

GROUPS = {
    "Multiple Sclerosis": "nervous system",
    "Parkinson Disease": "nervous system",
    "Osteoarthritis": "joints",
}
CLAIM = Claim(
    category="disease",
    grade="asserts",
    quote="It cures MS.",
    start=0,
    end=12,
    disease="Multiple Sclerosis",
    product="umbilical_cord",
    route="intravenous",
)


def indexed(notice: int, **values: str) -> Indexed:
    made = {
        "disease": "Multiple Sclerosis",
        "product": "umbilical_cord",
        "route": "intravenous",
        "standing": standing("relevant", "warning_letter", "2024-01-01"),
    }
    return Indexed(notice=notice, start=0, end=9, **{**made, **values})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"disease": "Parkinson Disease"}),
        ({"disease": "Parkinson Disease"}, {"disease": "Osteoarthritis"}),
        ({"product": "exosome"}, {"disease": "Parkinson Disease"}),
        ({}, {"product": "exosome"}),
        ({"route": "intrathecal"}, {"product": "exosome"}),
        ({}, {"route": "intrathecal"}),
        ({}, {"standing": standing("possible", "judgment", "2026-01-01")}),
        ({"standing": standing("relevant", "court_order", "2010-01-01")}, {}),
        ({"standing": standing("relevant", "warning_letter", "2025-01-01")}, {}),
    ],
)
def test_the_nearer_notice_comes_first(better: dict[str, str], worse: dict[str, str]) -> None:
    found = nearest(CLAIM, [indexed(1, **worse), indexed(2, **better)], GROUPS, 3)
    assert [precedent.notice for precedent in found] == [2, 1]


def test_a_notice_stands_once_with_its_nearest_quote() -> None:
    far = indexed(1, disease="Osteoarthritis")
    assert nearest(CLAIM, [far, indexed(1), indexed(2, route="")], GROUPS, 3) == (indexed(1), indexed(2, route=""))


def test_no_more_than_asked_for() -> None:
    assert len(nearest(CLAIM, [indexed(number) for number in range(9)], GROUPS, 2)) == 2
