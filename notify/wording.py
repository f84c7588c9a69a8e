"""The fixed words that people read, in their language, and how words are made to fit a message."""

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import cache
from importlib.resources import files
from typing import Any, get_args, get_type_hints

import msgspec

from stemwatch.errors import UsageError
from stemwatch.words import Cause, Label, Product, Stage, Verb, Verdict

# What is told first when one notice had several changes.
LEAD: tuple[Verb, ...] = (
    "added", "reissued", "relisted", "delisted", "closed_out", "responded", "edited", "baseline"
)  # fmt: skip


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of a language file: each key must be there, and no other."""


class Facts(_Table, frozen=True):
    """The names that facts go by."""

    posted: str
    issued: str
    subject: str
    recipient: str
    products: str
    clinics: str
    case_number: str
    also: str
    stage: str
    closed_out: str
    response: str


class Phrases(_Table, frozen=True):
    """Sentences and parts of them. What stands in braces is filled in."""

    day: str
    moment: str
    letter: str
    notice: str
    no_stage: str
    no_date_given: str
    late: str
    from_to: str
    field_added: str
    field_gone: str
    field_changed: str
    quoted: str
    reissued_as: str
    in_place_of: str
    caveat: str
    caveat_undated: str
    why: str
    found: str
    weaker: str
    diff_left: str
    read: str
    read_at: str
    address: str
    our_page: str
    evidence: str
    daily: str
    weekly: str
    burst: str
    nothing_new: str
    doubt: str
    window: str
    nothing_said: str
    checked_none: str
    checked_one: str
    checked_all: str
    checked_part: str
    checked: str
    fares: str
    not_checked: str
    never: str
    none_seen: str
    short: str
    more: str
    more_command: str
    correction: str
    was_wrong: str
    as_it_is: str
    test: str
    test_said: str
    test_subject: str
    test_works: str
    because: str
    because_public: str
    note: str
    sender: str
    unsubscribe: str
    manage: str
    part: str


class Letters(_Table, frozen=True):
    """What mails about subscribing say."""

    at_once: str
    daily: str
    weekly: str
    confirm_subject: str
    confirm_said: str
    confirm_act: str
    confirm_else: str
    known_subject: str
    known_said: str
    known_act: str
    known_else: str
    gone_subject: str
    gone_said: str
    gone_act: str
    gone_else: str


class Words(_Table, frozen=True):
    """All words of one language. `fields` names what may be edited; other fields keep the source's name."""

    months: tuple[str, ...]
    headlines: dict[Verb, str]
    counts: dict[Verb, str]
    stages: dict[Stage, str]
    labels: dict[Label, str]
    products: dict[Product, str]
    causes: dict[Cause, str]
    verdicts: dict[Verdict, str]
    fields: dict[str, str]
    facts: Facts
    phrases: Phrases
    letters: Letters

    def day(self, value: date) -> str:
        """Such as 12 December 2024: the month as a word is read alike on both sides of the Atlantic."""
        return self.phrases.day.format(day=value.day, month=self.months[value.month - 1], year=value.year)

    def moment(self, value: datetime, zone: tzinfo) -> str:
        local = value.astimezone(zone)
        return self.phrases.moment.format(day=self.day(local.date()), time=f"{local:%H:%M}")


# @everyone, @here, @room, <@U123>, <!channel>, <users/all>: what chats turn into a call to people.
_CALLS = re.compile(r"(?:(?<!\w)@|<)(?=[\w*!@#&/])")
_FOLDER = files("notify") / "languages"
LANGUAGES = tuple(sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir()))
"""The languages that a frame may have."""


@cache
def words(language: str) -> Words:
    """The words of a language. UsageError when there are none, or when they are more or fewer than in English."""
    if language not in LANGUAGES:
        raise UsageError(f"There are no words for the language {language!r}; known: {', '.join(LANGUAGES)}.")
    name = f"languages/{language}.toml"
    return load((_FOLDER / f"{language}.toml").read_bytes(), name, like=None if language == "en" else words("en"))


def load(content: bytes, name: str, *, like: Words | None = None) -> Words:
    """The words of one file. UsageError naming the file and what it lacks, or asks for other than `like` does."""
    try:
        read = msgspec.convert(tomllib.loads(content.decode()), Words, strict=True)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UsageError(f"{name} cannot be used: {error}.") from None
    if len(read.months) != 12:
        raise UsageError(f"{name} names {len(read.months)} months.")
    for table, hint in get_type_hints(Words).items():
        known = get_args(get_args(hint)[0]) if table != "fields" and get_args(hint)[1:] == (str,) else ()
        for word in known:
            if word not in getattr(read, table):
                raise UsageError(f"{name}: [{table}] lacks {word}.")
    if like is not None:
        _compare(read, like, name)
    return read


def _compare(read: Words, english: Words, name: str) -> None:
    """UsageError when a sentence asks for what nobody fills in."""
    known = dict(_sentences(msgspec.to_builtins(english)))
    for place, sentence in _sentences(msgspec.to_builtins(read)):
        if place not in known:
            raise UsageError(f"{name}: {place} is not in English.")
        if unknown := _names(sentence) - _names(known[place]):
            raise UsageError(f"{name}: {place} asks for {{{min(unknown)}}}, which nothing fills in.")


def _sentences(tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for table, entries in tables.items():
        if isinstance(entries, dict):
            yield from ((f"{table}.{key}", sentence) for key, sentence in entries.items())


def _names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def quiet(text: str) -> str:
    """The text, calling nobody in a chat: a space of no width parts the sign from the name."""
    return _CALLS.sub("\\g<0>\u200b", text)


def capital(text: str) -> str:
    """The text with a capital first letter, the others as they are."""
    return text[:1].upper() + text[1:]


def short(text: str, most: int) -> str:
    """At most `most` characters, the last an ellipsis where some are left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
