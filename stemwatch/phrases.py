"""The lexicon: which phrases speak for and against relevance, read strictly from `lexicon/*.toml`.

Every file of the folder adds phrases, one file a language; exactly one file holds the scale. How a phrase is
written is told in `stemwatch.engine`. At one place the longest phrase wins and hides the shorter ones within it,
so `plant stem cell*` keeps `stem cell*` from counting there.
"""

import tomllib
from collections.abc import Container, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from stemwatch.engine import Engine, understood
from stemwatch.errors import UsageError
from stemwatch.folding import fold
from stemwatch.words import Product, Route

FieldName = Literal["title", "office", "subject", "products", "text"]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)

Points = Annotated[float, msgspec.Meta(gt=0, le=20)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Some = Annotated[int, msgspec.Meta(ge=1)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a lexicon file holds."""

    why: Line


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


ENTRIES: dict[str, type[Entry]] = {"evidence": Evidence, "excluding": Excluding, "neutral": Neutral}


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


T = TypeVar("T", bound=Item)


@cache
def lexicon() -> Lexicon:
    """The project's own lexicon, read once per process."""
    return load(files("stemwatch") / "lexicon")


def load(folder: Traversable) -> Lexicon:
    """All `*.toml` of a folder as one lexicon; what is not understood is an error naming file and entry."""
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    raw = {name: (folder / name).read_bytes() for name in names}
    parts = {name: _tables(name, content) for name, content in raw.items()}
    scales = [scale for name in names for scale in _items(name, "scale", parts[name], Scale)]
    if len(scales) != 1:
        raise UsageError(f"lexicon: exactly one file must hold [scale], {len(scales)} do ({', '.join(names)})")
    rules = tuple(rule for name in names for rule in _items(name, "rule", parts[name], Rule, scales[0]))
    doubts = tuple(doubt for name in names for doubt in _items(name, "doubt", parts[name], Doubt, scales[0]))
    meant = _phrases(parts, scales[0])
    # The one with more letters of its own first: `stammzellspende*` knows more of a word than `stammzell*`.
    phrases = tuple(sorted({phrase for found in meant.values() for phrase in found}, key=lambda p: (-len(p), p)))
    return Lexicon(
        scale=scales[0],
        rules=rules,
        doubts=doubts,
        phrases=phrases,
        meanings={field: tuple(map(found.get, phrases)) for field, found in meant.items()},
        engine=Engine(phrases),
        digest=digest_of(raw),
    )


def digest_of(raw: Mapping[str, bytes]) -> str:
    """Short hash of the files of a lexicon, by name."""
    parts = (name.encode() + b"\x1e" + content for name, content in raw.items())
    return sha256(b"\x1f".join(parts)).hexdigest()[:12]


def _tables(name: str, content: bytes) -> dict[str, list[Any]]:
    """The tables of one file, each as a list."""
    try:
        tables = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"lexicon/{name} is not TOML: {error}") from None
    known = ("scale", "rule", "doubt", *ENTRIES)
    if unknown := sorted(set(tables) - set(known)):
        raise UsageError(f"lexicon/{name}: unknown table {unknown[0]!r} (known: {', '.join(known)})")
    return {table: items if isinstance(items, list) else [items] for table, items in tables.items()}


def _items(
    name: str, table: str, tables: Mapping[str, list[Any]], kind: type[T], scale: Scale | None = None
) -> list[T]:
    """The items of one table; with a scale, the kinds of evidence they name must be on it."""
    items = []
    for number, raw in enumerate(tables.get(table, []), 1):
        where = f"lexicon/{name}: {table} {number}"
        try:
            item = msgspec.convert(raw, kind)
        except msgspec.ValidationError as error:
            raise UsageError(f"{where} ({label(raw)}): {error}") from None
        for word in _kinds(item):
            if scale and word not in scale.most:
                known = ", ".join(scale.most)
                raise UsageError(f"{where} ({label(raw)}): unknown kind {word!r} (known: {known})")
        items.append(item)
    return items


def label(raw: Any) -> str:
    """What an entry that is not understood is called in a message."""
    return str(raw.get("why", "no why")) if isinstance(raw, dict) else "not a table"


def _kinds(item: Item) -> tuple[str, ...]:
    match item:
        case Evidence(kind=kind) | Doubt(kind=kind):
            return (kind,)
        case Rule(needs=kinds) | Excluding(unless=kinds):
            return kinds
    return ()


Meant = dict[FieldName, dict[str, Entry]]


def _phrases(parts: Mapping[str, Mapping[str, list[Any]]], scale: Scale) -> Meant:
    """By field, each phrase and what it means there; nothing may mean two things.

    Languages share words: a phrase may stand in two files when it says and weighs the same in both.
    """
    meant: Meant = {field: {} for field in FIELDS}
    for name, tables in parts.items():
        for field, found in _of_file(name, tables, scale).items():
            for phrase, entry in found.items():
                known = meant[field].setdefault(phrase, entry)
                if _weight(known) != _weight(entry):
                    raise UsageError(f"lexicon/{name}: {phrase!r} ({entry.why}) weighs otherwise in another file")
    return meant


def _of_file(name: str, tables: Mapping[str, list[Any]], scale: Scale) -> Meant:
    found: Meant = {field: {} for field in FIELDS}
    for table, kind in ENTRIES.items():
        for number, entry in enumerate(_items(name, table, tables, kind, scale), 1):
            _add(found, entry, f"lexicon/{name}: {table} {number} ({entry.why})")
    return found


def _add(found: Meant, entry: Entry, where: str) -> None:
    for raw in entry.phrases:
        phrase = written(raw, where)
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


def written(phrase: str, where: str) -> str:
    """A phrase as it is written once only: small letters, blanks for hyphens; UsageError when it is none."""
    try:
        understood(phrase)
    except ValueError as error:
        raise UsageError(f"{where}: {phrase!r} {error}") from None
    return " ".join(phrase.casefold().replace("-", " ").split())
