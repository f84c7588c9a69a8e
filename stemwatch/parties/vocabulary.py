"""The words by which names are told from text, read strictly from `stemwatch/lexicon/parties/*.toml`."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal

import msgspec

from stemwatch.engine import Engine, understood
from stemwatch.errors import UsageError
from stemwatch.folding import Folded
from stemwatch.parties.records import Tie

Word = Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
Words = Annotated[tuple[Word, ...], msgspec.Meta(min_length=1)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Words with one meaning, and why they have it."""

    why: Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Listed(Entry, frozen=True, kw_only=True):
    words: Words


class Tied(Entry, frozen=True, kw_only=True):
    """Phrases before a firm's name. `quoted`: only a name in quotes is meant. `only`: in such texts alone."""

    tie: Tie
    phrases: Words
    quoted: bool = False
    only: Literal["letter", "release", ""] = ""


# Tables whose words are phrases of the engine; the words of all others are compared as they are.
PHRASES = {"officer", "official", "before", "after", "own", "public_body"}
LISTS = {
    *("legal_form", "business", "generic", "separator", "body", "acronym", "honorific", "credential"),
    *("site", "platform", "regulator", "place_word", "leading"),
    *PHRASES,
}


class Cue(msgspec.Struct, frozen=True):
    """A phrase found: characters `start` to `end` of the stored text, and what it says."""

    start: int
    end: int
    kind: str
    tied: Tied | None = None

    @property
    def renames(self) -> bool:
        """Whether another name of the same firm follows."""
        return self.tied is not None and self.tied.tie in ("alias", "former")


class Vocabulary(msgspec.Struct, frozen=True, kw_only=True):
    """All words by table. `digest` changes whenever a word of the files does."""

    lists: dict[str, frozenset[str]]
    legal: re.Pattern[str]
    small_legal: re.Pattern[str]
    credential: re.Pattern[str]
    engines: dict[str, tuple[Engine, tuple[Cue, ...]]]
    digest: str

    def cues(self, name: str, text: Folded) -> list[Cue]:
        """The phrases of one engine in a text, in reading order, none within another."""
        engine, meanings = self.engines[name]
        return [
            msgspec.structs.replace(meanings[number], start=first, end=last)
            for start, end, number in engine.places(text, meanings)
            for first, last in [text.place(start, end)]
        ]


def folded(word: str) -> str:
    """A word as the lists hold it: small letters, no possessive, no full stops."""
    return word.casefold().replace("’", "'").removesuffix("'s").replace(".", "").strip("'®™,-+*")


@cache
def vocabulary() -> Vocabulary:
    """The project's own words, read once per process."""
    return load(files("stemwatch") / "lexicon" / "parties")


def load(folder: Traversable) -> Vocabulary:
    """All `*.toml` of a folder; what is not understood is an error naming file and entry."""
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    raw = {name: (folder / name).read_bytes() for name in names}
    lists: dict[str, list[str]] = {table: [] for table in LISTS}
    ties: list[Tied] = []
    for name, content in raw.items():
        for table, entry in _entries(f"lexicon/parties/{name}", content):
            if isinstance(entry, Tied):
                ties.append(entry)
            elif isinstance(entry, Listed):
                lists[table] += entry.words
    return Vocabulary(
        lists=_lists(lists),
        legal=_printed(lists["legal_form"]),
        small_legal=_printed(form for form in lists["legal_form"] if form[0].islower()),
        credential=_printed(lists["credential"]),
        engines=_engines(lists, ties),
        digest=sha256(
            b"\x1f".join(name.encode() + b"\x1e" + content for name, content in raw.items())
        ).hexdigest()[:12],
    )


def _entries(where: str, content: bytes) -> Iterable[tuple[str, Tied | Listed]]:
    try:
        tables = tomllib.loads(content.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{where} is not TOML: {error}") from None
    for table, items in tables.items():
        if table != "tie" and table not in LISTS:
            known = ", ".join(sorted({"tie", *LISTS}))
            raise UsageError(f"{where}: unknown table {table!r} (known: {known})")
        for number, item in enumerate(items, 1):
            yield table, _entry(f"{where}: {table} {number}", table, item)


def _entry(where: str, table: str, item: object) -> Tied | Listed:
    why = item.get("why", "no why") if isinstance(item, dict) else "not a table"
    kind: type[Tied | Listed] = Tied if table == "tie" else Listed
    try:
        entry = msgspec.convert(item, kind)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where} ({why}): {error}") from None
    phrases = entry.phrases if isinstance(entry, Tied) else entry.words if table in PHRASES else ()
    for phrase in phrases:
        try:
            understood(phrase)
        except ValueError as error:
            raise UsageError(f"{where} ({why}): {phrase!r} {error}") from None
    return entry


def _lists(lists: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    found = {
        table: frozenset(words if table in ("platform", "regulator") else map(folded, words))
        for table, words in lists.items()
    }
    # Words of which the names of offices are made.
    found["office"] = frozenset(word for officer in found["officer"] for word in officer.split() if len(word) > 2)
    return found


def _engines(lists: dict[str, list[str]], ties: list[Tied]) -> dict[str, tuple[Engine, tuple[Cue, ...]]]:
    found = {"ties": {phrase: Cue(0, 0, tied.tie, tied) for tied in ties for phrase in tied.phrases}}
    for table in sorted(PHRASES):
        name = "people" if table in ("officer", "official", "before", "after") else table
        for phrase in lists[table]:
            found.setdefault(name, {}).setdefault(phrase, Cue(0, 0, table))
    return {name: (Engine(list(meant)), tuple(meant.values())) for name, meant in found.items()}


def _printed(words: Iterable[str]) -> re.Pattern[str]:
    """Finds any of some printed forms, or the same in capitals, with or without its full stops."""
    forms = sorted(
        {form for word in words for form in (word, word.upper() if word[0].isupper() else word)},
        key=lambda form: (-len(form), form),
    )
    return re.compile(rf"(?:{'|'.join(map(_form, forms))})(?![\w-]| \d{{5}})")


def _form(form: str) -> str:
    if form[0].islower():
        return re.escape(form)
    last = len(form) - 1
    parts = {".": r"\.?", " ": "[ \u00a0]", ",": ",?"}
    return "".join(
        r"\.?[ ]?"
        if letter == "." and place < last and form[place + 1] not in " ,"
        else parts.get(letter, re.escape(letter))
        for place, letter in enumerate(form)
    )
