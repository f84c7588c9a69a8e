"""A change to hold rules against, and the words of one installation."""

from typing import Any

import msgspec

from stemwatch.rules import Known, Rule, RuleSet, Subject, read_rule
from tests.store.builders import SOURCE

LETTERS, ORDERS = "us_fda_warning_letters", "jp_mhlw_orders"
KNOWN = Known(
    {
        LETTERS: SOURCE,
        ORDERS: msgspec.structs.replace(SOURCE, name=ORDERS, regulator="MHLW", jurisdiction="JP", kind="order"),
    }
)
HARBOR = Subject(
    change=1,
    verb="added",
    cause="source",
    source=LETTERS,
    jurisdiction="US",
    regulator="FDA",
    kind="warning_letter",
    stage="warning",
    relevance="relevant",
    products=("exosome", "amniotic"),
    routes=("intra_articular",),
    clinics=("c-17",),
    clinic_names=("Meridian Joint Institute",),
    people=("Jorge Almeida",),
    places=("Tampa", "FL", "Florida", "US", "United States"),
    texts={
        "title": "Harbour Cells, LLC",
        "office": "Center for Biologics Evaluation and Research",
        "subject": "Unapproved exosome products",
        "case_number": "700001",
        "body": "You offer exosomes for joint pain of the knee. Dr. Ana Pérez gives them in Saint Augustine.",
    },
)


def changed(**values: Any) -> Subject:
    return msgspec.structs.replace(HARBOR, **values)


def rule(**table: Any) -> Rule:
    """The rule of a table, as if it stood in the file."""
    return read_rule("mine", {key: _plain(value) for key, value in table.items()}, KNOWN)


def why(subject: Subject = HARBOR, **table: Any) -> str:
    """The sentence with which the change meets the rule; empty when it does not."""
    return next((match.why for match in RuleSet({"mine": rule(**table)}).matches([subject])), "")


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
