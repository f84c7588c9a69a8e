"""Everything about one change that a rule may look at."""

from collections.abc import Iterable

import msgspec

from stemwatch.parties.records import Parties
from stemwatch.rules.places import names_of
from stemwatch.views import ChangeView, NoticeView
from stemwatch.words import Cause, Label, Product, Route, Verb


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one notice. `clinics` are ids, `clinic_names` names of firms that the notice has.

    `other_names`: by what its clinics are known elsewhere.
    `texts` has the columns of the search index (`stemwatch.search.FIELDS`): title, office, subject, case_number,
    body.
    """

    change: int
    verb: Verb
    cause: Cause
    source: str
    jurisdiction: str
    regulator: str
    kind: str
    stage: str
    relevance: Label
    products: tuple[Product, ...] = ()
    routes: tuple[Route, ...] = ()
    clinics: tuple[str, ...] = ()
    clinic_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    texts: dict[str, str] = {}


def subject(
    change: ChangeView,
    notice: NoticeView,
    *,
    body: str = "",
    clinic_names: Iterable[str] = (),
    parties: Parties | None = None,
) -> Subject:
    """What a rule may look at of `change`. `body` is the text of the notice's pages, `clinic_names` are all that
    its clinics go by.
    """
    parties = parties or Parties()
    firms = tuple(dict.fromkeys(firm.name for firm in parties.firms))
    return Subject(
        change=change.change,
        verb=change.verb,
        cause=change.cause,
        source=notice.source,
        jurisdiction=notice.jurisdiction,
        regulator=notice.regulator,
        kind=notice.kind,
        stage=notice.stage,
        relevance=notice.relevance.label,
        products=notice.relevance.products,
        routes=notice.relevance.routes,
        clinics=tuple(dict.fromkeys((*change.clinics, *notice.clinics))),
        clinic_names=firms,
        other_names=tuple(name for name in dict.fromkeys(clinic_names) if name not in firms),
        people=tuple(dict.fromkeys(person.name for person in parties.people)),
        places=tuple(dict.fromkeys(place for address in parties.addresses for place in names_of(address))),
        texts={
            "title": notice.title,
            "office": notice.fields.get("office", ""),
            "subject": notice.fields.get("subject", ""),
            "case_number": notice.case_number,
            "body": body,
        },
    )
