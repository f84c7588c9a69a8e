"""Invented firms as notices name them."""

from typing import Any

from stemwatch.clinics.actors import Cast, cast
from stemwatch.clinics.keys import Keyed, bond_keys, keyed, own_keys
from stemwatch.clinics.linking import crowded_keys, link
from stemwatch.parties.records import Address, Brand, Firm, Number, Parties, Person, Tie, Website

AT: dict[str, Any] = {"field": "text", "start": 0, "end": 1}
TAMPA, RENO = ("Tampa", "FL", "US"), ("Reno", "NV", "US")


def firm(name: str, tie: Tie = "subject", of: str = "") -> Firm:
    return Firm(name=name, tie=tie, of=of, **AT)


def person(name: str, title: str = "", firm: str = "") -> Person:
    return Person(name=name, title=title, firm=firm, **AT)


def named(
    *firms: Firm | str,
    at: tuple[str, str, str] | None = None,
    people: tuple[Person, ...] = (),
    site: str = "",
    fei: tuple[str, ...] = (),
    brand: str = "",
) -> Parties:
    """What a notice names: firms (a bare name is the subject), and facts about the subject."""
    return Parties(
        firms=tuple(firm(each) if isinstance(each, str) else each for each in firms),
        people=people,
        websites=(Website(domain=site, kind="site", own=True, **AT),) if site else (),
        numbers=tuple(Number(kind="fei", value=value, **AT) for value in fei),
        addresses=(Address(city=at[0], region=at[1], country=at[2], **AT),) if at else (),
        brands=(Brand(name=brand, **AT),) if brand else (),
    )


def actors(*notices: Parties, sides: dict[int, dict[int, str]] | None = None) -> list[Keyed]:
    """The actors of notices, numbered as they come; `sides` are what people decided, by that number."""
    made: list[Keyed] = []
    for number, parties in enumerate(notices):
        found: Cast = cast(parties)
        bonds = bond_keys(f"n{number}", found)
        for actor in found.actors:
            keys = own_keys(actor) | bonds.get(actor.slot, frozenset())
            made.append(keyed(len(made), actor, keys, (sides or {}).get(len(made), {})))
    return made


def clinics(*notices: Parties, sides: dict[int, dict[int, str]] | None = None) -> set[frozenset[int]]:
    """The clinics that notices make up, each as the numbers of its actors."""
    made = actors(*notices, sides=sides)
    return {frozenset(group) for group in link(made, crowded_keys(made))}


def one(*notices: Parties) -> bool:
    return len(clinics(*notices)) == 1
