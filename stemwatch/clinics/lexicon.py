"""What is common knowledge about names and hosts, read strictly from `lexicon/clinics/*.toml`."""

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, TypeVar

import msgspec

from stemwatch.errors import UsageError

Words = str | tuple[str, ...]
Why = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of every entry: `why` it is on the list."""

    why: Why


class WordList(Entry, frozen=True, kw_only=True):
    """Words parted by blanks, or phrases one by one."""

    words: Words

    def each(self) -> tuple[str, ...]:
        return tuple(self.words.split()) if isinstance(self.words, str) else self.words


class HostList(Entry, frozen=True, kw_only=True):
    """`hosts` with all below them, and `suffixes` that stand for a whole part of the web."""

    hosts: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ()


class NamesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    generic: tuple[WordList, ...]
    places: tuple[WordList, ...]
    legal: tuple[WordList, ...]
    leading: tuple[WordList, ...]


class HostsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    hosts: tuple[HostList, ...]


File = TypeVar("File", NamesFile, HostsFile)


def load(file: Traversable, kind: type[File]) -> File:
    """One file of the lexicon; UsageError naming file and entry when it is not understood."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), kind)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"lexicon/clinics/{file.name}: {error}") from None


def folder() -> Traversable:
    return files("stemwatch") / "lexicon" / "clinics"


@cache
def names_file() -> NamesFile:
    return load(folder() / "names.toml", NamesFile)


@cache
def hosts_file() -> HostsFile:
    return load(folder() / "hosts.toml", HostsFile)


def words_of(lists: tuple[WordList, ...]) -> frozenset[str]:
    return frozenset(word for entry in lists for word in entry.each())


@cache
def lexicon_digest() -> str:
    """Changes whenever a word of this lexicon does."""
    content = (file.read_bytes() for file in sorted(folder().iterdir(), key=lambda file: file.name))
    return sha256(b"\0".join(content)).hexdigest()[:16]
