"""What a change must have to meet a rule, and which of it the fewest changes have. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from stemwatch.search import Either, Every, Node, Phrase, Without

Key = tuple[str, str]
"""Something that a change has or has not, such as ("relevance", "relevant") or ("word", "knee")."""


@dataclass(frozen=True)
class AllOf:
    """Without parts, nothing is needed."""

    parts: tuple["Need", ...]


@dataclass(frozen=True)
class OneOf:
    """Without parts, nothing will do."""

    parts: tuple["Need", ...]


Need = Key | AllOf | OneOf


def of_search(node: Node) -> Need:
    match node:
        case Phrase():
            *whole, last = node.words
            return AllOf((*(("word", word) for word in whole), ("prefix" if node.prefix else "word", last)))
        case Every():
            return AllOf(tuple(map(of_search, node.parts)))
        case Either():
            return OneOf(tuple(map(of_search, node.parts)))
        case Without():
            return of_search(node.wanted)


def keys(need: Need) -> set[Key]:
    """Every key in it."""
    if isinstance(need, tuple):
        return {need}
    return {key for part in need.parts for key in keys(part)}


def narrowest(need: Need, frequency: Callable[[Key], int]) -> tuple[int, tuple[Key, ...]] | None:
    """Keys of which a change must have one, with how often they are had: the rarest choice. None: no such keys."""
    if isinstance(need, tuple):
        return frequency(need), (need,)
    found = [narrowest(part, frequency) for part in need.parts]
    if isinstance(need, AllOf):
        # Of words that are equally rare so far the longest is likely to stay so.
        return min(
            filter(None, found), key=lambda way: (way[0], -len(way[1][0][1]) if way[1] else 0), default=None
        )
    if None in found:
        return None
    ways = list(filter(None, found))
    return sum(times for times, _ in ways), tuple(key for _, chosen in ways for key in chosen)
