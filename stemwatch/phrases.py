"""The lexicon: which phrases speak for and against relevance, read strictly from `lexicon/*.toml`.

Every file of the folder adds phrases, one file a language; exactly one file holds the scale. How a phrase is
written is told in `stemwatch.engine`. At one place the longest phrase wins and hides the shorter ones within it,
so `plant stem cell*` keeps `stem cell*` from counting there.
"""

from collections.abc import Container, Mapping, Sequence
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, get_args

import msgspec

from stemwatch import lexicon_files
from stemwatch.engine import Engine
from stemwatch.errors import UsageError
from stemwatch.folding import fold
from stemwatch.lexicon_files import Item, Lines
from stemwatch.words import Product, Route

FieldName = Literal["title", "office", "subject", "products", "text"]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)

Points = Annotated[float, msgspec.Meta(gt=0, le=20)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Some = Annotated[int, msgspec.Meta(ge=1)]


class Entry(Item, frozen=True, kw_only=True, eq=False):
    """Phrases with one meaning. `fields` are where they count. No two entries are the same, whatever they say."""

    phrases: Lines
    fields: Annotated[tuple[FieldName, ...], msgspec.Meta(min_length=1)] = FIELDS


class Evidence(Entry, frozen=True, kw_only=True, eq=False):
    """Speaks for relevance: `points` once per notice, however often it is found."""

    kind: str
    points: Points
    products: tuple[Product, ...] = ()
    routes: tuple[Route, ...] = ()


class Excluding(Entry, frozen=True, kw_only=True, eq=False):
    """Speaks against relevance, unless every kind of evidence in `unless` is found as well."""

    points: Points
    unless: tuple[str, ...] = ()


class Neutral(Entry, frozen=True, kw_only=True, eq=False):
    """Counts nothing, and hides shorter phrases that would."""


class Rule(Item, frozen=True, kw_only=True):
    """More points when each kind of `needs` is found at least `times` times in `fields`."""

    needs: Annotated[tuple[str, ...], msgspec.Meta(min_length=1)]
    points: Points
    times: Some = 1
    fields: tuple[FieldName, ...] = FIELDS


class Doubt(Item, frozen=True, kw_only=True):
    """Fewer points when a text of over `longer_than` characters names `kind` fewer than `fewer_than` times."""

    kind: str
    points: Points
    fewer_than: Some
    longer_than: Annotated[int, msgspec.Meta(ge=0)] = 0


class Scale(Item, frozen=True, kw_only=True):
    """From points to a label: the sum starts at `base` and becomes a score between 0 and 1.

    `most` names the kinds of evidence and the most points each may add; `most_against` limits excluding ones.
    `slope` and `shift` calibrate: the score is the logistic function of slope * sum + shift. A product that the
    text names less often than `passing` times the most-named one is named in passing.
    """

    base: Annotated[float, msgspec.Meta(ge=-20, le=20)]
    relevant: Share
    possible: Share
    most: dict[str, Points]
    most_against: Points
    slope: Annotated[float, msgspec.Meta(gt=0, le=5)] = 1.0
    shift: Annotated[float, msgspec.Meta(ge=-10, le=10)] = 0.0
    passing: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0

    def __post_init__(self) -> None:
        if self.possible > self.relevant:
            raise ValueError("possible must not lie above relevant")


class Hit(msgspec.Struct, frozen=True, gc=False):
    """One place where a phrase was found: characters `start` to `end` of the field's value as it was given."""

    entry: Entry
    field: FieldName
    start: int
    end: int
    folded: str
    """The wording that was found, as it stands in the folded text."""


TABLES: dict[str, type[Item]] = {
    "scale": Scale,
    "rule": Rule,
    "doubt": Doubt,
    "evidence": Evidence,
    "excluding": Excluding,
    "neutral": Neutral,
}


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """A lexicon ready for use. `digest` changes whenever a word of its files does.

    `meanings` holds by field, for each phrase of the engine, what it means there.
    """

    scale: Scale
    rules: tuple[Rule, ...]
    doubts: tuple[Doubt, ...]
    phrases: tuple[str, ...]
    meanings: Mapping[FieldName, tuple[Entry | None, ...]]
    engine: Engine
    digest: str

    def find(self, values: Mapping[FieldName, str]) -> list[Hit]:
        """Every phrase in texts as they are stored, in reading order of the fields."""
        return [hit for field, value in values.items() for hit in self._hits(field, value)]

    def _hits(self, field: FieldName, value: str) -> list[Hit]:
        meanings, text = self.meanings[field], fold(value)
        words, place = text.text, text.place
        return [
            Hit(meanings[number], field, *place(start, end), words[start:end])  # type: ignore[arg-type]
            for start, end, number in self.engine.places(text, meanings)
        ]

    def without(self, phrases: Container[str]) -> "Lexicon":
        """The same lexicon had nobody thought of some phrases."""
        kept = [number for number, phrase in enumerate(self.phrases) if phrase not in phrases]
        return msgspec.structs.replace(
            self,
            phrases=tuple(self.phrases[number] for number in kept),
            meanings={field: tuple(found[number] for number in kept) for field, found in self.meanings.items()},
            engine=Engine([self.phrases[number] for number in kept]),
            digest=f"{self.digest}-",
        )


@cache
def lexicon() -> Lexicon:
    """The project's own lexicon, read once per process."""
    return load(files("stemwatch") / "lexicon")


def load(folder: Traversable) -> Lexicon:
    """All `*.toml` of a folder as one lexicon; what is not understood is an error naming file and entry."""
    read = lexicon_files.read(folder, TABLES)
    items = [entry.item for entry in read.entries]
    scales = [item for item in items if isinstance(item, Scale)]
    if len(scales) != 1:
        names = ", ".join(read.names)
        raise UsageError(f"lexicon: exactly one file must hold [scale], {len(scales)} do ({names})")
    for entry in read.entries:
        _check_kinds(entry, scales[0])
    meant = _phrases(read)
    # The one with more letters of its own first: `stammzellspende*` knows more of a word than `stammzell*`.
    phrases = tuple(sorted({phrase for found in meant.values() for phrase in found}, key=lambda p: (-len(p), p)))
    return Lexicon(
        scale=scales[0],
        rules=tuple(item for item in items if isinstance(item, Rule)),
        doubts=tuple(item for item in items if isinstance(item, Doubt)),
        phrases=phrases,
        meanings={field: tuple(map(found.get, phrases)) for field, found in meant.items()},
        engine=Engine(phrases),
        digest=read.digest,
    )


def _check_kinds(entry: lexicon_files.Entry, scale: Scale) -> None:
    """The kinds of evidence that an entry names must be on the scale."""
    for word in _kinds(entry.item):
        if word not in scale.most:
            raise UsageError(f"{entry.where}: unknown kind {word!r} (known: {', '.join(scale.most)})")


def _kinds(item: Item) -> tuple[str, ...]:
    match item:
        case Evidence(kind=kind) | Doubt(kind=kind):
            return (kind,)
        case Rule(needs=kinds) | Excluding(unless=kinds):
            return kinds
    return ()


Meant = dict[FieldName, dict[str, Entry]]


def _phrases(read: lexicon_files.Files) -> Meant:
    """By field, each phrase and what it means there; nothing may mean two things.

    Languages share words: a phrase may stand in two files when it says and weighs the same in both.
    """
    meant: Meant = {field: {} for field in FIELDS}
    for file in dict.fromkeys(entry.file for entry in read.entries):
        for field, found in _of_file([entry for entry in read.entries if entry.file == file]).items():
            for phrase, entry in found.items():
                known = meant[field].setdefault(phrase, entry)
                if _weight(known) != _weight(entry):
                    raise UsageError(f"{file}: {phrase!r} ({entry.why}) weighs otherwise in another file")
    return meant


def _of_file(entries: Sequence[lexicon_files.Entry]) -> Meant:
    found: Meant = {field: {} for field in FIELDS}
    for entry in entries:
        if isinstance(entry.item, Entry):
            _add(found, entry.item, entry.where)
    return found


def _add(found: Meant, entry: Entry, where: str) -> None:
    for raw in entry.phrases:
        phrase = lexicon_files.written(raw, where)
        for field in entry.fields:
            if phrase in found[field]:
                raise UsageError(f"{where}: {raw!r} is already there for the field {field}")
            found[field][phrase] = entry


def _weight(entry: Entry) -> tuple[Any, ...]:
    """What an entry says without its words."""
    match entry:
        case Evidence(kind=kind, points=points, products=products, routes=routes):
            return ("evidence", kind, points, products, routes)
        case Excluding(points=points, unless=unless):
            return ("excluding", points, unless)
    return ("neutral",)
