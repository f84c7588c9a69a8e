"""Who is named in one notice: from what it says about parties to actors, one for each business.

Other names of a business (doing business as, formerly, a shorter form) are names of one actor. Businesses that
the notice says are under the same control (sister, parent) stay actors of their own and are bound; so are
co-defendants of one action who share a named owner. Every other tie is a soft bond, which never makes two one.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Literal

import msgspec

from stemwatch.clinics.hosts import own_domain
from stemwatch.clinics.names import FirmName, firm_name, person_name
from stemwatch.parties.records import Address, Brand, Firm, Mention, Number, Parties, Person, Website

BondKind = Literal["sister", "parent", "affiliate", "supplier", "customer", "codefendant", "named"]
HARD: tuple[BondKind, ...] = ("sister", "parent")
"""Bonds that make one enterprise."""

OWNERS = frozenset(
    "owner owners owned founder cofounder president ceo chief principal proprietor operator".split()
)
"""Words in the title of someone who controls a firm."""
MOST_ACCUSED = 5
"""Accused firms that one person is taken to control without being told so."""


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """One business as one notice names it; `slot` tells it apart there, empty for whom the notice is about.

    `beside` are people whom the notice names without a firm: no word that they are the actor's, but together with
    its name a sign of who it is.
    """

    slot: str
    names: tuple[Firm, ...]
    people: tuple[Person, ...] = ()
    beside: tuple[Person, ...] = ()
    websites: tuple[Website, ...] = ()
    numbers: tuple[Number, ...] = ()
    addresses: tuple[Address, ...] = ()
    brands: tuple[Brand, ...] = ()

    @property
    def name(self) -> str:
        return self.names[0].name


class Bond(msgspec.Struct, frozen=True, kw_only=True):
    """`one` (a slot) is the sister, parent, supplier ... of `other`, as the characters of `mention` say."""

    kind: BondKind
    one: str
    other: str
    mention: Mention


class Cast(msgspec.Struct, frozen=True):
    """All actors of one notice and how they stand to each other."""

    actors: tuple[Actor, ...] = ()
    bonds: tuple[Bond, ...] = ()


def cast(parties: Parties) -> Cast:
    """The actors that the parties of one notice make up, in reading order, whom it is about first."""
    heads = _heads(parties.firms)
    if not heads:
        return _practice(parties)
    slots = {joined: _slot(head, heads) for joined, head in heads.items()}
    firms = [firm for firm in parties.firms if firm_name(firm.name).joined in slots]
    actors = tuple(_actor(slot, slots, firms, parties) for slot in dict.fromkeys(["", *slots.values()]))
    actors = tuple(actor for actor in actors if actor.names)
    bonds = [*_stated_bonds(firms, slots), *_shared_owners(actors, firms, slots, parties.people)]
    return Cast(actors, tuple(dict.fromkeys(bonds)))


def _practice(parties: Parties) -> Cast:
    """Who is named without any firm practises under the own name; only the first, whom the notice is about."""
    person = next((person for person in parties.people if person_name(person.name)), None)
    if person is None:
        return Cast()
    name = Firm(name=person.name, tie="subject", field=person.field, start=person.start, end=person.end)
    slots = {firm_name(name.name).joined: ""}
    return Cast((_actor("", slots, [name], parties),))


def _heads(firms: Iterable[Firm]) -> dict[str, str]:
    """For each name the name that stands for its business: an alias or former name belongs to another's."""
    named = [(firm, firm_name(firm.name)) for firm in firms if firm_name(firm.name).joined]
    subjects = [name for firm, name in named if firm.tie == "subject"]
    heads = {name.joined: _long_form(name, subjects) for name in subjects}
    for firm, name in named:
        if firm.tie not in ("subject", "alias", "former"):
            heads.setdefault(name.joined, name.joined)
    first = next(iter(heads.values()), "")
    for firm, name in named:
        if firm.tie in ("alias", "former"):
            heads.setdefault(name.joined, heads.get(firm_name(firm.of).joined, first or name.joined))
    return heads


def _long_form(name: FirmName, subjects: Iterable[FirmName]) -> str:
    """The longest name of whom the notice is about that begins with this one, when that can be no other firm's."""
    longer = [other.joined for other in subjects if name.distinctive and other.core.startswith(name.core + " ")]
    return max(longer, key=len, default=name.joined)


def _slot(head: str, heads: dict[str, str]) -> str:
    return "" if head == next(iter(heads.values())) else head


def _actor(slot: str, slots: dict[str, str], firms: list[Firm], parties: Parties) -> Actor:
    # Where a notice is about several firms, what it says of none by name is nobody's.
    own = slot == "" and len({slots[firm_name(firm.name).joined] for firm in firms if firm.tie == "subject"}) < 2

    def concerns(firm: str) -> bool:
        return slots.get(firm_name(firm).joined) == slot if firm else own

    names = [firm for firm in firms if slots[firm_name(firm.name).joined] == slot]
    return Actor(
        slot=slot,
        names=tuple(sorted(_each_once(names), key=lambda firm: firm.tie in ("alias", "former"))),
        people=tuple(person for person in parties.people if concerns(person.firm)),
        beside=() if own else tuple(person for person in parties.people if not person.firm),
        websites=tuple(site for site in parties.websites if own and site.own),
        numbers=parties.numbers if own else (),
        addresses=tuple(address for address in parties.addresses if concerns(address.firm)),
        brands=parties.brands if own else (),
    )


def _each_once(firms: Iterable[Firm]) -> list[Firm]:
    """Each spelling once, at the first place that names it."""
    found: dict[str, Firm] = {}
    for firm in firms:
        found.setdefault(firm.name, firm)
    return list(found.values())


def _stated_bonds(firms: Iterable[Firm], slots: dict[str, str]) -> Iterator[Bond]:
    for firm in firms:
        if firm.tie == "subject" or firm.tie == "alias" or firm.tie == "former":
            continue
        one, other = slots[firm_name(firm.name).joined], slots.get(firm_name(firm.of).joined, "")
        if one != other:
            yield Bond(kind=firm.tie, one=one, other=other, mention=_place(firm))


def _shared_owners(
    actors: tuple[Actor, ...], firms: Iterable[Firm], slots: dict[str, str], people: Iterable[Person]
) -> Iterator[Bond]:
    """Co-defendants with an owner in common are one enterprise, unless they are of different regions.

    Regulators name as individual defendants those who control the firms: who is named without a firm, and without
    a title that says otherwise, controls all the accused. Of a long list of accused that is not believed.
    """
    accused = [slots[firm_name(firm.name).joined] for firm in firms if firm.tie == "codefendant"]
    accused = list(dict.fromkeys(["", *accused])) if accused else []
    owners: dict[str, dict[str, Person]] = {slot: {} for slot in accused}
    for person in people:
        if person.title and OWNERS.isdisjoint(person.title.lower().replace("-", "").replace(",", " ").split()):
            continue
        everyone = accused if len(accused) <= MOST_ACCUSED else []
        for slot in [slots.get(firm_name(person.firm).joined, "?")] if person.firm else everyone:
            owners.get(slot, {}).setdefault(person_name(person.name), person)
    regions = {actor.slot: {place.region for place in actor.addresses if place.region} for actor in actors}
    for one, other in combinations(accused, 2):
        shared = [name for name in owners[one] if name and name in owners[other]]
        elsewhere = regions[one] and regions[other] and not regions[one] & regions[other]
        if shared and not elsewhere:
            yield Bond(kind="sister", one=other, other=one, mention=_place(owners[one][shared[0]]))


def _place(mention: Mention) -> Mention:
    return Mention(field=mention.field, start=mention.start, end=mention.end)


def domains(actor: Actor) -> frozenset[str]:
    """The domains that are the actor's own."""
    return frozenset(filter(None, (own_domain(site.domain) for site in actor.websites)))
