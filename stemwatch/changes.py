"""The difference between what is stored of a notice and what a run says. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import unified_diff
from itertools import islice, takewhile

import msgspec

from stemwatch.records import Listed, Page
from stemwatch.text import comparable
from stemwatch.views import FieldChange
from stemwatch.words import Status, Verb

_MOST_LINES = 5_000


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    """What the store knows of a listed notice: its content by field name, its life, its place in the list."""

    content: dict[str, str]
    closed_out_on: date | None
    responded_on: date | None
    status: Status
    closed_elsewhere: bool = False
    """Closed out by a close-out letter that is listed as a row of its own, or by what its page says."""
    doubted: bool = False


class Difference(msgspec.Struct, frozen=True):
    """What happened to one notice: the verbs in the order they are told, and the fields that were edited."""

    verbs: tuple[Verb, ...] = ()
    edited: tuple[FieldChange, ...] = ()


def compare(stored: Stored, listed: Listed, *, trusted: bool) -> Difference:
    """What the list now says that it did not say before.

    An untrusted run may only add: a close-out, a response or a return that appears is believed, an edited or
    vanished value is not.
    """
    edited = tuple(_edits(stored, listed)) if trusted and not stored.doubted else ()
    verbs: list[Verb] = []
    if stored.status != "listed":
        verbs.append("relisted")
    elif edited:
        verbs.append("edited")
    if listed.closed_out_on and not stored.closed_out_on and not stored.closed_elsewhere:
        verbs.append("closed_out")
    if listed.responded_on and not stored.responded_on:
        verbs.append("responded")
    return Difference(tuple(verbs), edited)


def _edits(stored: Stored, listed: Listed) -> Iterator[FieldChange]:
    yield from field_changes(stored.content, listed.content())
    for name, old, new in (
        ("closed_out_on", stored.closed_out_on, listed.closed_out_on),
        ("responded_on", stored.responded_on, listed.responded_on),
    ):
        if old and old != new:
            yield FieldChange(field=name, old=str(old), new=str(new or ""))


def field_changes(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[FieldChange]:
    """Fields whose words differ to a reader; invisible characters, quotes and dashes do not count."""
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name, ""), new.get(name, "")
        if comparable(before) != comparable(after):
            yield FieldChange(field=name, old=before, new=after)


class PageContent(msgspec.Struct, frozen=True, kw_only=True):
    """What a reader sees on a page."""

    label: str
    fields: dict[str, str]
    text: str


def compare_pages(old: PageContent, new: Page) -> tuple[FieldChange, ...]:
    """What was edited on a page; a text only says that it was, because versions keep the words."""
    edits = list(field_changes({"label": old.label, **old.fields}, {"label": new.label, **new.fields}))
    if comparable(old.text) != comparable(new.text):
        edits.append(FieldChange(field="text", old="", new=""))
    return tuple(edits)


def without_moved(edits: Iterable[FieldChange], listed: Iterable[str]) -> list[FieldChange]:
    """Edits of a page less those by which it leaves a fact to the list; `listed` are the words of the list."""
    told = {comparable(value) for value in listed}
    return [edit for edit in edits if edit.new or not edit.old or comparable(edit.old) not in told]


def of_page(edit: FieldChange, page: Page) -> FieldChange:
    """Fields of a close-out or response page carry its role, so that they cannot pass for the letter's own."""
    if page.role == "notice":
        return edit
    return msgspec.structs.replace(edit, field=f"{page.role} {edit.field}")


def lines_replaced(before: list[str], after: list[str]) -> Iterator[str]:
    """The lines of two texts that differ, as a unified diff."""
    if max(len(before), len(after)) <= _MOST_LINES:
        yield from islice(unified_diff(before, after, "before", "after", lineterm="", n=0), 2, None)
        return
    # difflib takes many seconds for so many lines: what is alike at both ends is left out, the rest is replaced.
    start = _alike(before, after)
    end = min(_alike(reversed(before), reversed(after)), min(len(before), len(after)) - start)
    old, new = before[start : len(before) - end], after[start : len(after) - end]
    yield f"@@ -{start + 1},{len(old)} +{start + 1},{len(new)} @@"
    yield from (f"-{line}" for line in old)
    yield from (f"+{line}" for line in new)


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """How many lines at the beginning are the same."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def same_firm(one: str, other: str) -> bool:
    """Whether two titles name the same firm, whatever their case and punctuation."""
    return _letters(one) == _letters(other) != ""


def _letters(title: str) -> str:
    return "".join(filter(str.isalnum, comparable(title).casefold()))
