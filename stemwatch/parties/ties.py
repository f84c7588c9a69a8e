"""Firms that a text names, and how each stands to the notice: subject, other name, sister, supplier, customer."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Literal

from stemwatch.parties.names import Name, Names
from stemwatch.parties.records import Firm, Tie
from stemwatch.parties.vocabulary import Cue

Genre = Literal["letter", "release"]

# What may stand between a phrase and the name it is about.
_BEFORE = re.compile(
    r"[\s,:;“\"‘'(]*(?:(?:the|a|an|its|his|her|their|your|is|was|as|firms?|compan(?:y|ies)|clinics?|named|called|and)\b[\s,:“\"‘'(]*){0,3}"
)
# What may stand between two names of one list.
_LISTED = re.compile(
    r"\s*(?:,|;|and|&|or|as well as|,?\s+(?:and|or))\s*"
    r"(?:(?:its|his|her|their|the|co|owners?|companies|company)\b[\s-]*){0,3}"
)
_FARTHEST = 40


def comparable_name(name: str, names: Names) -> str:
    """A firm's name without legal form, signs and case: what two printings of one name share."""
    bare = re.sub(rf"[\s,]+{names.vocabulary.legal.pattern}\s*$", "", name)
    return "".join(filter(str.isalnum, bare.casefold().removeprefix("the ")))


class Reader:
    """Reads the firms of one text."""

    def __init__(self, text: str, found: Sequence[Name], cues: Sequence[Cue], genre: Genre) -> None:
        self.text = text
        self.found = found
        self.cues = [cue for cue in cues if cue.tied and cue.tied.only in ("", genre)]
        self.ends = [cue.end for cue in self.cues]
        self.genre = genre

    def firms(self, field: str, main: str) -> list[Firm]:
        """`main` is the subject when the text does not begin with one of its own."""
        firms: list[Firm] = []
        base: Tie | None = None
        before: Name | None = None
        last = main
        for name in self.found:
            cue = self.cue(name)
            listed = before is not None and bool(_LISTED.fullmatch(self.text, before.end, name.start))
            tie = self._tie(name, cue, base if listed else None)
            before = name if name.kind in ("firm", "business", "person", "generic") else None
            if tie is None:
                base = (
                    base
                    if listed and name.kind == "person"
                    else "codefendant"
                    if name.kind == "person" and cue
                    else None
                )
                continue
            printed = self.text[name.start : name.end]
            of = "" if tie in ("subject", "named") else last
            firms.append(Firm(field=field, start=name.start, end=name.end, name=printed, tie=tie, of=of))
            if tie not in ("alias", "former"):
                base = "codefendant" if tie == "subject" else tie
                if tie in ("subject", "codefendant", "named", "sister"):
                    last = printed
        return firms

    def cue(self, name: Name) -> Cue | None:
        """The phrase right before a name."""
        place = bisect_right(self.ends, name.start) - 1
        if place < 0 or name.start - self.ends[place] > _FARTHEST:
            return None
        return self.cues[place] if _BEFORE.fullmatch(self.text, self.ends[place], name.start) else None

    def _tie(self, name: Name, cue: Cue | None, base: Tie | None) -> Tie | None:
        tied = cue.tied if cue else None
        if name.kind == "body":
            return None
        if tied and tied.tie in ("alias", "former"):
            return tied.tie if not tied.quoted or self.text[name.start - 1] in "“\"‘'" else None
        if name.kind not in ("firm", "business"):
            return tied.tie if tied and name.kind == "generic" and tied.tie != "named" else None
        if tied:
            return tied.tie
        if base:
            return base
        if self.genre == "release":
            return "subject"
        return "named" if name.kind == "firm" else None
