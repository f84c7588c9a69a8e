"""The lexicon: which phrases speak for and against relevance, read strictly from `lexicon/*.toml`.

Every file of the folder adds phrases; exactly one holds the scale. How a phrase is written: a blank stands for a
blank or a hyphen, a `*` at the end of a word for any ending. At one place the longest phrase wins and hides the
shorter ones within it, so `plant stem cell*` keeps `stem cell*` from counting there.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal, TypeVar, get_args

import msgspec

from stemwatch.errors import UsageError
from stemwatch.text import comparable
from stemwatch.words import Product

FieldName = Literal["title", "office", "subject", "products", "text"]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)

Points = Annotated[float, msgspec.Meta(gt=0, le=20)]
Share = Annotated[float, msgspec.Meta(gt=0, lt=1)]
Some = Annotated[int, msgspec.Meta(ge=1)]
Line = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Lines = Annotated[tuple[Line, ...], msgspec.Meta(min_length=1)]

_WORD = re.compile(r"[^\s*]+\*?")
_LETTERS = {" ": "[ -]", "*": r"\w*"}


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of everything that a lexicon file holds."""

    why: Line


class Entry(Item, frozen=True, kw_only=True):
    """Phrases with one meaning. `fields` are where they count."""

    phrases: Lines
    fields: Annotated[tuple[FieldName, ...], msgspec.Meta(min_length=1)] = FIELDS


class Evidence(Entry, frozen=True, kw_only=True):
    """Speaks for relevance: `points` once per notice, however often it is found."""

    kind: str
    points: Points
    products: tuple[Product, ...] = ()


class Excluding(Entry, frozen=True, kw_only=True):
    """Speaks against relevance."""

    points: Points


class Neutral(Entry, frozen=True, kw_only=True):
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
    """From points to a label: the sum starts at `base`, is a log-odds, and becomes a score between 0 and 1.

    `most` names the kinds of evidence and the most points each may add; `most_against` limits excluding ones.
    """

    base: Annotated[float, msgspec.Meta(ge=-20, le=20)]
    relevant: Share
    possible: Share
    most: dict[str, Points]
    most_against: Points

    def __post_init__(self) -> None:
        if self.possible > self.relevant:
            raise ValueError("possible must not lie above relevant")


class Hit(msgspec.Struct, frozen=True):
    """One place where a phrase was found, in its normalised wording."""

    entry: Entry
    phrase: str
    field: FieldName


ENTRIES: dict[str, type[Entry]] = {"evidence": Evidence, "excluding": Excluding, "neutral": Neutral}

Spotter = tuple[re.Pattern[str], tuple[Entry, ...]]
"""A pattern whose n-th group is the place where a phrase of the n-th entry ends."""


class Tree(dict[str, "Tree"]):
    """Phrases letter by letter; `end` is the meaning of the phrase that ends at this node."""

    end: Entry | None = None


class Lexicon(msgspec.Struct, frozen=True, kw_only=True):
    """A lexicon ready for use. `digest` changes whenever a word of its files does."""

    scale: Scale
    rules: tuple[Rule, ...]
    doubts: tuple[Doubt, ...]
    spotters: Mapping[FieldName, Spotter]
    digest: str

    def find(self, texts: Mapping[FieldName, str]) -> list[Hit]:
        """Every phrase in normalised texts, in reading order of the fields."""
        hits: list[Hit] = []
        for field, text in texts.items():
            pattern, entries = self.spotters[field]
            hits += [
                Hit(entries[(match.lastindex or 1) - 1], match.group(), field) for match in pattern.finditer(text)
            ]
        return hits


T = TypeVar("T", bound=Item)


def normal(text: str) -> str:
    """The form in which texts and phrases are compared."""
    return comparable(text).casefold()


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
    return Lexicon(
        scale=scales[0],
        rules=rules,
        doubts=doubts,
        spotters={field: _spotter(found) for field, found in _phrases(parts, scales[0]).items()},
        digest=_digest(raw),
    )


def _digest(raw: Mapping[str, bytes]) -> str:
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
            raise UsageError(f"{where} ({_label(raw)}): {error}") from None
        for word in _kinds(item):
            if scale and word not in scale.most:
                known = ", ".join(scale.most)
                raise UsageError(f"{where} ({_label(raw)}): unknown kind {word!r} (known: {known})")
        items.append(item)
    return items


def _label(raw: Any) -> str:
    return str(raw.get("why", "no why")) if isinstance(raw, dict) else "not a table"


def _kinds(item: Item) -> tuple[str, ...]:
    match item:
        case Evidence(kind=kind) | Doubt(kind=kind):
            return (kind,)
        case Rule(needs=needs):
            return needs
    return ()


def _phrases(parts: Mapping[str, Mapping[str, list[Any]]], scale: Scale) -> dict[FieldName, dict[str, Entry]]:
    """By field, each phrase in normal form and what it means there; nothing may mean two things."""
    found: dict[FieldName, dict[str, Entry]] = {field: {} for field in FIELDS}
    for name, tables in parts.items():
        for table, kind in ENTRIES.items():
            for number, entry in enumerate(_items(name, table, tables, kind, scale), 1):
                _add(found, entry, f"lexicon/{name}: {table} {number} ({entry.why})")
    return found


def _add(found: Mapping[FieldName, dict[str, Entry]], entry: Entry, where: str) -> None:
    for raw in entry.phrases:
        phrase = _checked(raw, where)
        for field in entry.fields:
            if phrase in found[field]:
                raise UsageError(f"{where}: {raw!r} is already there for the field {field}")
            found[field][phrase] = entry


def _checked(phrase: str, where: str) -> str:
    """A phrase in normal form, its hyphens as blanks, when every word of it can be understood."""
    words = normal(phrase).replace("-", " ").split()
    if not words or not all(_WORD.fullmatch(word) for word in words):
        raise UsageError(f"{where}: {phrase!r} is not a phrase (words, each with at most one * at its end)")
    return " ".join(words)


def _spotter(meanings: Mapping[str, Entry]) -> Spotter:
    """One pattern in the form of a tree of letters, with an empty group where a phrase ends."""
    tree = Tree()
    for phrase, entry in meanings.items():
        node = tree
        for letter in phrase:
            node = node.setdefault(letter, Tree())
        node.end = entry
    ends: list[Entry] = []
    return re.compile(rf"(?<!\w){_branches(tree, ends)}" if tree else "(?!)"), tuple(ends)


def _branches(node: Tree, ends: list[Entry]) -> str:
    """The rest of all phrases at a node, longer ones first; `ends` grows by one entry per group."""
    letters = sorted(node, key=lambda letter: (letter == "*", letter))
    parts = [_LETTERS.get(letter, re.escape(letter)) + _branches(node[letter], ends) for letter in letters]
    if node.end:
        ends.append(node.end)
        parts.append(r"(?!\w)()")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"
