"""The claims lexicon: diseases, claims and cues, read strictly from `lexicon/claims/*.toml`.

Every file adds to the others, one file a language; `diseases.toml` holds the terms and their groups. Products and
routes are those of the relevance lexicon. Claims with cues, parts, breaks, diseases, products with routes: these
are layers that are looked for in one pass and hide nothing of each other.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from stemwatch import lexicon_files
from stemwatch.claims.entries import LAYERS, TABLES, Disease, Entry, layers
from stemwatch.engine import Engine
from stemwatch.errors import UsageError
from stemwatch.folding import fold
from stemwatch.phrases import Entry as Relevant
from stemwatch.phrases import Evidence, Lexicon, lexicon

# Grows whenever the same phrases come to be read in another way.
REVISION = 1

Found = tuple[int, int, Any]
"""Start and end in the text as it was given, and the entry."""


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """A claims lexicon ready for use. `groups` tells the group of each disease's term."""

    engine: Engine
    said: tuple[tuple[Entry | None, ...], ...]
    """One tuple for each layer."""
    diseases: tuple[Disease | None, ...]
    products: tuple[Relevant | None, ...]
    capitals: frozenset[int]
    groups: Mapping[str, str]
    digest: str

    def find(self, text: str) -> tuple[list[Found], list[Found], list[Found]]:
        """What is said, diseases, products and routes, each in reading order."""
        folded = fold(text)
        everything = (*self.said, self.diseases, self.products)
        *said, diseases, products = (
            [(*folded.place(start, end), layer[number], number) for start, end, number in places]
            for layer, places in zip(everything, self.engine.layers(folded, everything), strict=True)
        )
        return (
            sorted(
                ((start, end, entry) for layer in said for start, end, entry, _ in layer),
                key=lambda found: found[0],
            ),
            [
                (start, end, entry)
                for start, end, entry, number in diseases
                if number not in self.capitals or text[start:end].isupper()
            ],
            [
                (start, end, entry)
                for start, end, entry, _ in products
                if isinstance(entry, Evidence) and (entry.products or entry.routes)
            ],
        )


@cache
def words() -> Words:
    """The project's own claims lexicon, read once per process."""
    return load(files("stemwatch") / "lexicon" / "claims", lexicon())


def claims_digest() -> str:
    """Short hash of everything that claims depend on: those found under another one are stale."""
    return f"{REVISION}-{words().digest}"


def load(folder: Traversable, relevance: Lexicon) -> Words:
    """All `*.toml` of a folder; what is not understood is an error naming file and entry."""
    read = lexicon_files.read(folder, TABLES, shown="lexicon/claims")
    said: list[dict[str, Entry]] = [{} for _ in range(LAYERS)]
    diseases: dict[str, Disease] = {}
    capitals: set[str] = set()
    terms: dict[str, str] = {}
    for found in read.entries:
        entry, where = found.item, found.where
        if isinstance(entry, Disease):
            _add_term(terms, entry, where)
            _add(diseases, entry, (*entry.phrases, *entry.capitals), where)
            capitals.update(lexicon_files.written(phrase, where) for phrase in entry.capitals)
        else:
            for layer in layers(entry):
                _add(said[layer], entry, entry.phrases, where)
    if lost := sorted(term for term, group in terms.items() if not group):
        names = ", ".join(read.names)
        raise UsageError(f"lexicon/claims: the disease {lost[0]!r} has no group in any file ({names})")
    return _words(said, diseases, capitals, terms, relevance, read.digest)


def _words(
    said: Sequence[Mapping[str, Entry]],
    diseases: Mapping[str, Disease],
    capitals: set[str],
    terms: Mapping[str, str],
    relevance: Lexicon,
    digest: str,
) -> Words:
    products = dict(zip(relevance.phrases, relevance.meanings["text"], strict=True))
    phrases = tuple(sorted({*diseases, *products}.union(*said), key=lambda phrase: (-len(phrase), phrase)))
    return Words(
        engine=Engine(phrases),
        said=tuple(tuple(map(layer.get, phrases)) for layer in said),
        diseases=tuple(map(diseases.get, phrases)),
        products=tuple(map(products.get, phrases)),
        capitals=frozenset(number for number, phrase in enumerate(phrases) if phrase in capitals),
        groups=terms,
        digest=f"{digest}-{relevance.digest}",
    )


def _add_term(terms: dict[str, str], entry: Disease, where: str) -> None:
    known = terms.setdefault(entry.term, entry.group)
    if known and entry.group and known != entry.group:
        raise UsageError(f"{where}: {entry.term!r} is in the group {known!r} elsewhere")
    terms[entry.term] = known or entry.group


def _add(known: dict[str, Any], entry: Entry, phrases: tuple[str, ...], where: str) -> None:
    if not phrases:
        raise UsageError(f"{where}: holds no phrase")
    for raw in phrases:
        phrase = lexicon_files.written(raw, where)
        if _meaning(known.setdefault(phrase, entry)) != _meaning(entry):
            raise UsageError(f"{where}: {raw!r} means something else in another entry ({known[phrase].why})")


def _meaning(entry: Entry) -> tuple[Any, ...]:
    """What an entry says without its words. Languages share words: a phrase may stand in two files."""
    told = msgspec.structs.asdict(entry)
    return (type(entry), *(value for name, value in told.items() if name not in _WORDING))


_WORDING = ("why", "phrases", "capitals", "group")
