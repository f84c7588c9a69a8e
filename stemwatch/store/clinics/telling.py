"""Everything about one clinic, every line with the words of the notice that says it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor
from stemwatch.clinics.hosts import own_domain
from stemwatch.clinics.keys import LINKING
from stemwatch.clinics.names import person_name
from stemwatch.clinics.quotes import evidence
from stemwatch.clinics.views import (
    ActionView,
    ClinicDossier,
    EvidenceView,
    LinkView,
    NameView,
    PersonView,
    ThingView,
)
from stemwatch.parties.records import Address, Firm, Mention, Person
from stemwatch.records import Source
from stemwatch.store.clinics.deciding import decisions
from stemwatch.store.clinics.describing import Used, display_name
from stemwatch.store.clinics.finding import current
from stemwatch.store.clinics.relating import related
from stemwatch.store.database import day
from stemwatch.store.fields import fields_of
from stemwatch.store.views import NOTICE_SQL, notice_view
from stemwatch.views import NoticeView

_ACTORS = """
SELECT a.day, a.slot, a.body AS actor, a.notice AS number, n.title, n.fields, p.fields AS page_fields, t.body
FROM actors a JOIN notices n ON n.id = a.notice
LEFT JOIN pages p ON p.notice = n.id AND p.role = 'notice' LEFT JOIN texts t ON t.page = p.id
WHERE a.clinic = ? ORDER BY a.day, a.notice, a.id
"""
# CROSS JOIN: from the few actors of one clinic to their keys. SQLite would read every key of a kind.
_LINKS = f"""
SELECT k.kind, k.value, group_concat(n.source || '/' || n.key, char(10)) AS notices
FROM actors a CROSS JOIN actor_keys k ON k.actor = a.id JOIN notices n ON n.id = a.notice
WHERE a.clinic = ? AND k.kind IN ({", ".join(f"'{kind}'" for kind in LINKING)})
AND NOT EXISTS (SELECT 1 FROM dropped_keys d WHERE d.kind = k.kind AND d.value = k.value)
GROUP BY k.kind, k.value HAVING count(DISTINCT a.id) > 1 ORDER BY k.kind, k.value
"""
_ALSO = """
WITH RECURSIVE led (id) AS (
    SELECT id FROM clinics WHERE became = ? UNION SELECT c.id FROM led JOIN clinics c ON c.became = led.id
) SELECT id FROM led ORDER BY id
"""


class Said(msgspec.Struct, frozen=True):
    """One actor of the clinic with its notice and that notice's words."""

    used: Used
    notice: NoticeView
    fields: Mapping[str, str]

    def evidence(self, mention: Mention) -> EvidenceView:
        return evidence(self.notice.notice, self.fields, mention)


def tell(db: Database, sources: Mapping[str, Source], asked: str) -> ClinicDossier:
    """The clinic that goes by the id `asked`, or that it became. UsageError when there is none."""
    clinic = current(db, asked)
    said = list(_said(db, sources, clinic))
    return ClinicDossier(
        clinic=clinic,
        asked=asked.strip().lower(),
        also=tuple(other for (other,) in db.execute(_ALSO, [clinic])),
        name=display_name([each.used for each in said]),
        names=tuple(_names(said)),
        people=tuple(_people(said)),
        websites=_things(said, _websites),
        places=_things(said, _places),
        products=_things(said, lambda actor: ((brand.name, brand) for brand in actor.brands)),
        notices=tuple(_actions(said)),
        related=tuple(related(db, clinic)),
        links=tuple(_links(db, clinic)),
        decisions=tuple(decisions(db, clinic=clinic)),
    )


def _said(db: Database, sources: Mapping[str, Source], clinic: str) -> Iterator[Said]:
    views: dict[int, NoticeView] = {}
    for row in list(db.query(_ACTORS, [clinic])):
        number = row["number"]
        if number not in views:
            found = next(iter(db.query(f"{NOTICE_SQL} WHERE n.id = ?", [number])))
            views[number] = notice_view(found, sources)
        used = Used(row["day"], row["slot"], msgspec.json.decode(row["actor"], type=Actor))
        yield Said(used, views[number], fields_of(row))


def _names(said: Iterable[Said]) -> Iterator[NameView]:
    uses: dict[str, list[tuple[Said, Firm]]] = {}
    for each in said:
        for firm in each.used.actor.names:
            uses.setdefault(firm.name, []).append((each, firm))
    for name, found in uses.items():
        first, last = _dates(each for each, _ in found)
        proof = tuple(each.evidence(firm) for each, firm in found)
        yield NameView(name=name, tie=found[-1][1].tie, first_on=first, last_on=last, evidence=proof)


def _people(said: Iterable[Said]) -> Iterator[PersonView]:
    parts: dict[str, list[tuple[Said, Person]]] = {}
    for each in said:
        for person in each.used.actor.people:
            parts.setdefault(person_name(person.name) or person.name, []).append((each, person))
    for found in parts.values():
        first, last = _dates(each for each, _ in found)
        yield PersonView(
            name=max((person.name for _, person in found), key=len),
            titles=tuple(dict.fromkeys(person.title for _, person in reversed(found) if person.title)),
            first_on=first,
            last_on=last,
            evidence=tuple(each.evidence(person) for each, person in found),
        )


def _dates(said: Iterable[Said]) -> tuple[date | None, date | None]:
    days = [found for each in said if (found := day(each.used.day))]
    return min(days, default=None), max(days, default=None)


def _things(said: Iterable[Said], of: Callable[[Actor], Iterable[tuple[str, Mention]]]) -> tuple[ThingView, ...]:
    proofs: dict[str, list[EvidenceView]] = {}
    for each in said:
        for value, mention in of(each.used.actor):
            proofs.setdefault(value, []).append(each.evidence(mention))
    return tuple(ThingView(value=value, evidence=tuple(found)) for value, found in proofs.items())


def _websites(actor: Actor) -> Iterator[tuple[str, Mention]]:
    return ((domain, site) for site in actor.websites if (domain := own_domain(site.domain)))


def _places(actor: Actor) -> Iterator[tuple[str, Mention]]:
    for place in actor.addresses:
        yield printed(place), place


def printed(place: Address) -> str:
    """A place as it is told: "Miami, FL, US"."""
    return ", ".join(filter(None, (place.city, place.region, place.country)))


def _actions(said: Iterable[Said]) -> Iterator[ActionView]:
    """Each notice once, by the first of the clinic's names in it."""
    told: set[str] = set()
    for each in said:
        notice, firm = each.notice, each.used.actor.names[0]
        if notice.notice not in told:
            told.add(notice.notice)
            yield ActionView(
                notice=notice.notice,
                title=notice.title,
                url=notice.url,
                regulator=notice.regulator,
                on=notice.issued_on or notice.posted_on,
                part=firm.tie,
                stage=notice.stage,
                closed_out_on=notice.closed_out_on,
                closed_out_url=notice.closed_out_url,
                relevance=notice.relevance.label,
                evidence=each.evidence(firm),
                event=notice.event,
            )


def _links(db: Database, clinic: str) -> Iterator[LinkView]:
    for row in db.query(_LINKS, [clinic]):
        notices = tuple(dict.fromkeys(row["notices"].split("\n")))
        yield LinkView(by=row["kind"], value=row["value"], notices=notices)
