"""Everything about one change that a rule may look at."""

from collections.abc import Iterable, Iterator

import msgspec
import pycountry

from stemwatch.parties.records import Address, Parties
from stemwatch.views import ChangeView, NoticeView
from stemwatch.words import Cause, Label, Product, Route, Verb


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One change of one notice. `clinics` are ids, `clinic_names` names as the notice or the store has them.

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
    """What a rule may look at of `change`. `body` is the text of the notice's pages."""
    parties = parties or Parties()
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
        clinic_names=tuple(dict.fromkeys((*clinic_names, *(firm.name for firm in parties.firms)))),
        people=tuple(dict.fromkeys(person.name for person in parties.people)),
        places=tuple(dict.fromkeys(place for address in parties.addresses for place in _places(address))),
        texts={
            "title": notice.title,
            "office": notice.fields.get("office", ""),
            "subject": notice.fields.get("subject", ""),
            "case_number": notice.case_number,
            "body": body,
        },
    )


def _places(address: Address) -> Iterator[str]:
    """City, region and country of an address, the latter two by code and by name."""
    yield from filter(None, (address.city, address.region, address.country))
    if country := pycountry.countries.get(alpha_2=address.country):
        yield country.name
    region = pycountry.subdivisions.get(code=f"{address.country}-{address.region}")  # type: ignore[no-untyped-call]
    if region:
        yield region.name
