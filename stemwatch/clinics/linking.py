"""Which actors are one clinic: union-find over shared keys, with guards. Near-linear: no key pairs all with all.

These make two actors one, the first four by themselves, the others as told:

- a person's decision, a notice that says they are one enterprise, FDA's establishment identifier, a domain of
  their own;
- the same name, when they have a town or an officer in common, or their notices name the same person;
- the same name, when it is distinctive and nothing contradicts it: neither states a place in another region. A
  press release that names a firm without its town would otherwise never meet the letter to it.

A generic name (`Stem Cell Institute`) needs the town or the officer. So does a name that nobody in question goes
by first, such as a brand under which several firms do business. Where a distinctive name is used in several
regions, those who state no place stay together, apart from all that do. A key that ties together more differently
named firms than an enterprise has is dropped. Splits made by people are never overruled.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from stemwatch.clinics.keys import LINKING, Key, Keyed, KeyKind, Place

REVISION = 1
"""Grows when the same notices would be linked otherwise."""
MOST_FIRMS = 6
"""Differently named firms that one domain, identifier or other name may tie together."""
CROWDED: tuple[KeyKind, ...] = ("fei", "web", "name")
"""Keys that may turn out to be shared by strangers."""

Area = tuple[str, str]
"""Country and region."""


def crowded_keys(actors: Iterable[Keyed]) -> dict[Key, int]:
    """Keys that tie too many differently named firms together, with how many."""
    firms: dict[Key, set[str]] = defaultdict(set)
    for actor in actors:
        for key in actor.keys:
            if key.kind in CROWDED:
                firms[key].add(actor.names[0].joined)
    return {key: len(found) for key, found in firms.items() if len(found) > MOST_FIRMS}


def link(actors: Sequence[Keyed], dropped: Collection[Key] = ()) -> list[list[int]]:
    """The ids of `actors` in groups, one a clinic. The order of `actors` counts only where people split."""
    forest = _Forest(actors)
    by_key: dict[Key, list[Keyed]] = defaultdict(list)
    for actor in actors:
        for key in actor.keys:
            if key.kind in LINKING and key not in dropped:
                by_key[key].append(actor)
    for key in sorted((key for key, found in by_key.items() if len(found) > 1), key=_strength):
        for found in same_name(by_key[key], key.value) if key.kind == "name" else [by_key[key]]:
            forest.join(found)
    return forest.groups()


def _strength(key: Key) -> tuple[int, str]:
    return LINKING.index(key.kind), key.value


def same_name(actors: Sequence[Keyed], joined: str) -> Iterator[list[Keyed]]:
    """Those of one name in groups of which each is one clinic; they may overlap. See the head of this file."""
    by_officer: dict[str, list[Keyed]] = defaultdict(list)
    for actor in actors:
        for person in actor.people:
            by_officer[person].append(actor)
    yield from by_officer.values()
    yield from _by_town(actors)
    if any(name.distinctive for name in actors[0].names if name.joined == joined):
        for found in _by_area(actors):
            if any(actor.names[0].joined == joined for actor in found):
                yield found


def _by_town(actors: Iterable[Keyed]) -> Iterable[list[Keyed]]:
    by_town: dict[Place, list[Keyed]] = defaultdict(list)
    for actor in actors:
        for place in actor.places:
            if place.city and (place.region or place.country):
                by_town[place].append(actor)
    return by_town.values()


def _by_area(actors: Iterable[Keyed]) -> list[list[Keyed]]:
    """Those of one region are one. Who states less joins where there is one choice only, else his like."""
    areas: dict[Area, list[Keyed]] = defaultdict(list)
    unplaced: list[Keyed] = []
    for actor in actors:
        stated = {(place.country, place.region) for place in actor.places} - {("", "")}
        for area in stated:
            areas[area].append(actor)
        if not stated:
            unplaced.append(actor)
    groups = _with_their_only_region(areas)
    return [groups[0] + unplaced] if len(groups) == 1 else [*groups, unplaced]


def _with_their_only_region(areas: Mapping[Area, list[Keyed]]) -> list[list[Keyed]]:
    """Those who state only a country joined to the one region of it that others state."""
    groups = {area: list(found) for area, found in areas.items() if area[1]}
    regions = {area: [other for other in groups if other[0] == area[0]] for area in areas if not area[1]}
    for area, inside in regions.items():
        groups.setdefault(inside[0] if len(inside) == 1 else area, []).extend(areas[area])
    return list(groups.values())


class _Forest:
    """Union-find that refuses to join what a person has put on different sides."""

    def __init__(self, actors: Sequence[Keyed]) -> None:
        self.parent = {actor.id: actor.id for actor in actors}
        self.size = dict.fromkeys(self.parent, 1)
        self.sides: dict[int, dict[int, str]] = {actor.id: dict(actor.sides) for actor in actors if actor.sides}

    def root(self, actor: int) -> int:
        while self.parent[actor] != actor:
            self.parent[actor] = self.parent[self.parent[actor]]
            actor = self.parent[actor]
        return actor

    def join(self, actors: Iterable[Keyed]) -> None:
        """Make them one; what people have put apart joins its own side."""
        heads: list[int] = []
        for actor in actors:
            if not any(self._unite(head, actor.id) for head in heads):
                heads.append(actor.id)

    def _unite(self, one: int, other: int) -> bool:
        big, small = self.root(one), self.root(other)
        if big == small:
            return True
        if self._apart(big, small):
            return False
        if self.size[big] < self.size[small]:
            big, small = small, big
        self.parent[small] = big
        self.size[big] += self.size[small]
        if small in self.sides:
            self.sides.setdefault(big, {}).update(self.sides.pop(small))
        return True

    def _apart(self, one: int, other: int) -> bool:
        ours, theirs = self.sides.get(one, {}), self.sides.get(other, {})
        return any(theirs.get(decision, side) != side for decision, side in ours.items())

    def groups(self) -> list[list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for actor in self.parent:
            found[self.root(actor)].append(actor)
        return list(found.values())
