"""By what two actors can be told to be one business, or to have something to do with each other."""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

import msgspec

from stemwatch.clinics.actors import HARD, Actor, Cast, domains
from stemwatch.clinics.names import FirmName, firm_name, person_name, significant
from stemwatch.folding import fold
from stemwatch.parties.records import Person

KeyKind = Literal["decision", "bond", "fei", "web", "name", "person", "street", "near"]
LINKING: tuple[KeyKind, ...] = ("decision", "bond", "fei", "web", "name")
"""Keys that may make two actors one clinic, the strongest first. The others only relate clinics."""
NEAR = 5
"""Letters in which the beginnings of two names agree before their spellings are compared."""

_NUMBERED = re.compile(r"\d")


class Key(NamedTuple):
    kind: KeyKind
    value: str


class Place(NamedTuple):
    """As far as it is stated; all in small letters."""

    country: str
    region: str
    city: str


class Keyed(msgspec.Struct, frozen=True):
    """An actor as linking sees it. `id` is any number that tells actors apart, `sides` where people put it."""

    id: int
    names: tuple[FirmName, ...]
    keys: frozenset[Key]
    places: frozenset[Place] = frozenset()
    people: frozenset[str] = frozenset()
    sides: dict[int, str] = {}


def keyed(number: int, actor: Actor, keys: frozenset[Key], sides: dict[int, str]) -> Keyed:
    """An actor ready to be linked. `keys` are its own, those of its bonds, those of people's decisions."""
    return Keyed(
        id=number,
        names=names(actor),
        keys=keys,
        places=places(actor),
        people=people(actor.people) | people(actor.beside),
        sides=sides,
    )


def names(actor: Actor) -> tuple[FirmName, ...]:
    return tuple({name.joined: name for name in (firm_name(firm.name) for firm in actor.names)}.values())


def people(named: Iterable[Person]) -> frozenset[str]:
    return frozenset(filter(None, (person_name(person.name) for person in named)))


def own_keys(actor: Actor) -> frozenset[Key]:
    """What the actor itself can be told by."""
    # A letter names first the establishment that was inspected; later ones may be a supplier's.
    establishments = [number.value for number in actor.numbers if number.kind == "fei"]
    keys = {Key("fei", value) for value in establishments[:1]}
    keys |= {Key("web", domain) for domain in domains(actor)}
    keys |= {Key("person", person) for person in people(actor.people)}
    for name in names(actor):
        keys.add(Key("name", name.joined))
        if name.distinctive:
            keys |= {Key("near", name.joined[:NEAR]), Key("near", significant(name)[:NEAR])}
    return frozenset(keys)


def bond_keys(notice: str, cast: Cast) -> dict[str, frozenset[Key]]:
    """Keys that actors of one notice share because it says they are one enterprise, by slot."""
    keys: dict[str, set[Key]] = {}
    for bond in cast.bonds:
        if bond.kind in HARD:
            for slot in (bond.one, bond.other):
                keys.setdefault(slot, set()).add(Key("bond", f"{notice} {bond.other}"))
    return {slot: frozenset(found) for slot, found in keys.items()}


def places(actor: Actor) -> frozenset[Place]:
    stated = (Place(*map(_folded, (found.country, found.region, found.city))) for found in actor.addresses)
    return frozenset(place for place in stated if any(place))


def _folded(text: str) -> str:
    return fold(text).text.strip()


def street(quote: str) -> str:
    """An address with a house number in the form in which two are compared; empty when it has none."""
    words = fold(quote[:200]).text.split()
    return " ".join(words[:6]) if len(words) > 3 and _NUMBERED.search(words[0]) else ""
