"""A subscription gets what it asked for."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from stemwatch.config import Subscription
from stemwatch.relevance import Relevance
from stemwatch.rules import meets
from stemwatch.views import ChangeView
from stemwatch.words import CAUSES, LABELS, VERBS, Cause, Label, Verb

SOURCE = "us_fda_warning_letters"


def change(verb: Verb = "added", label: Label = "relevant", cause: Cause = "source") -> ChangeView:
    return ChangeView(
        change=1,
        notice=f"{SOURCE}/chara-biologics-inc-698004-01172025",
        source=SOURCE,
        verb=verb,
        cause=cause,
        detected_at=datetime(2025, 1, 28, 16, tzinfo=UTC),
        posted_on=date(2025, 1, 28),
        issued_on=date(2025, 1, 17),
        title="Chara Biologics, Inc.",
        url="https://www.fda.gov/chara-biologics-inc-698004-01172025",
        relevance=Relevance(label=label, score=0.9, reasons=(), products=()),
        reasons=(),
        clinics=(),
        edited=(),
        related=None,
        late=False,
    )


def press(**settings: Any) -> Subscription:
    return Subscription(name="press", channel="json://127.0.0.1", **settings)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "baseline"])
def test_everything_that_happened_to_a_relevant_notice_is_wanted_and_says_why(verb: Verb) -> None:
    (why,) = meets(change(verb), press())
    assert why.endswith("counts as relevant.")


def test_the_baseline_is_wanted_by_nobody() -> None:
    assert meets(change("baseline"), press(relevance=LABELS)) == ()


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ("added", "baseline")])
def test_a_verb_that_was_not_asked_for_is_not_wanted(verb: Verb) -> None:
    assert meets(change(verb), press(verbs=("added",))) == ()


@pytest.mark.parametrize("label", LABELS)
def test_a_notice_is_wanted_exactly_by_those_who_asked_for_its_label(label: Label) -> None:
    assert meets(change(label=label), press(relevance=(label,)))
    others = tuple(other for other in LABELS if other != label)
    assert meets(change(label=label), press(relevance=others)) == ()


def test_a_source_is_wanted_when_it_is_named_or_none_is() -> None:
    assert meets(change(), press(sources=()))
    assert meets(change(), press(sources=("us_fda_untitled_letters", SOURCE)))
    assert meets(change(), press(sources=("us_fda_untitled_letters",))) == ()


@pytest.mark.parametrize("cause", [cause for cause in CAUSES if cause != "source"])
def test_what_the_regulator_did_not_do_is_wanted_by_nobody(cause: Cause) -> None:
    assert meets(change(cause=cause), press(relevance=LABELS)) == ()
