"""Firms that a text names, and how each stands to the notice: subject, other name, sister, supplier, customer."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Literal

from stemwatch.parties.names import Name, Names
from stemwatch.parties.records import Firm, Tie
from stemwatch.parties.vocabulary import Cue

Genre = Literal["letter", "release", "private"]
"""A letter to a firm; a release about one; papers of a private lawsuit, where nobody is the subject."""

_SMALL = "the|a|an|its|his|her|their|your|is|was|as|firms?|compan(?:y|ies)|clinics?|named|called|and"
# What may stand between a phrase and the name it is about.
_BEFORE = re.compile(rf"[\s,:;“\"‘'(]*(?:(?:{_SMALL})\b[\s,:;“\"‘'(]*){{0,3}}")
# What may stand between two names of one list; a bracket closes what was said of the first.
_LISTED = re.compile(
    r"[)”\"]{0,2}\s*(?:,|;|and|&|or|as well as|,?\s+(?:and|or))\s*"
    r"(?:(?:its|his|her|their|the|co|owners?|companies|company|clinics?)\b[\s-]*){0,3}"
)
# What a phrase for another name may follow besides the name itself.
_RENAMED = re.compile(
    r"\b(?:clinics?|cent(?:er|re)|company|firm|business|practice|spa|facility|institute|which|who|that|they|it|you"
    r"|she|he|currently|also|now|later|is|are|was)[\s,;(]*$",
    re.IGNORECASE,
)
_ACRONYM = re.compile(r"\s\([“\"]?(?P<name>[A-Z]{3,8})[”\"]?\)")
_APPOSED = re.compile(r"(?:,| \(|,? which is|,? who is)\s*(?:the |an? |its |your )?")
_DIRECTED = re.compile(r"\b(?:by|from|to|for|of|as)$", re.IGNORECASE)
_FARTHEST = 40


def comparable_name(name: str, names: Names) -> str:
    """A firm's name without legal form, signs and case: what two printings of one name share."""
    bare = names.ending.sub("", name)
    return "".join(filter(str.isalnum, bare.casefold().removeprefix("the ")))


class Reader:
    """Reads the firms of one text."""

    def __init__(self, field: str, text: str, found: Sequence[Name], cues: Sequence[Cue], genre: Genre) -> None:
        self.field = field
        self.text = text
        self.found = found
        self.cues = [cue for cue in cues if cue.tied and cue.tied.only in ("", genre)]
        self.ends = [cue.end for cue in self.cues]
        self.starts = [cue.start for cue in self.cues]
        self.genre = genre
        self.named = {name.end for name in found if name.kind in ("firm", "business")}

    def firms(self, main: str) -> Iterator[Firm]:
        """`main` is the subject when the text does not begin with one of its own."""
        base: Tie | None = None
        before: Name | None = None
        last = main
        for name in self.found:
            cue = self.cue(name)
            listed = before is not None and self._listed(before.end, name.start)
            tie = self._tie(name, cue, base if listed else None)
            before = name if name.kind in ("firm", "business", "person", "generic") or tie else None
            if tie is None:
                base = self._base_of_other(name, cue, base if listed else None)
                continue
            printed = self.text[name.start : name.end]
            yield self._firm(name.start, name.end, tie, self._of(tie, main, last))
            yield from self._acronym(name)
            if tie not in ("alias", "former"):
                base = "codefendant" if tie == "subject" else tie
                main = main or (printed if tie == "subject" else "")
                last = last if tie in ("supplier", "customer", "parent") else printed

    def _of(self, tie: Tie, main: str, last: str) -> str:
        """Another name is one of the firm named last; a letter tells all else of whom it addresses."""
        if tie in ("subject", "named"):
            return ""
        if tie in ("alias", "former"):
            return last
        return main if tie == "codefendant" or self.genre == "letter" else last

    def cue(self, name: Name) -> Cue | None:
        """The phrase right before a name."""
        place = bisect_right(self.ends, name.start) - 1
        if place < 0 or name.start - self.ends[place] > _FARTHEST:
            return None
        return self.cues[place] if _BEFORE.fullmatch(self.text, self.ends[place], name.start) else None

    def _listed(self, end: int, start: int) -> bool:
        return start - end < _FARTHEST and bool(_LISTED.fullmatch(self.text, end, start))

    def _told_behind(self, name: Name) -> Tie | None:
        """`Ostrand Labs, Inc., your contract manufacturer`: the tie stands behind the name."""
        place = bisect_left(self.starts, name.end)
        if place == len(self.cues) or self.starts[place] - name.end > _FARTHEST:
            return None
        cue = self.cues[place]
        if cue.kind not in ("supplier", "customer") or _DIRECTED.search(self.text[cue.start : cue.end]):
            return None
        return cue.tied.tie if cue.tied and _APPOSED.fullmatch(self.text, name.end, cue.start) else None

    def _firm(self, start: int, end: int, tie: Tie, of: str) -> Firm:
        return Firm(field=self.field, start=start, end=end, name=self.text[start:end], tie=tie, of=of)

    def _base_of_other(self, name: Name, cue: Cue | None, base: Tie | None) -> Tie | None:
        """People in a list of defendants carry it on; what follows them is sued with them."""
        if name.kind != "person":
            return None
        return base or (
            "codefendant" if cue is not None and cue.kind == "subject" and self.genre == "release" else None
        )

    def _acronym(self, name: Name) -> Iterator[Firm]:
        """`Quorlind Academy of Cells (QAC)`: the first letters are another name."""
        match = _ACRONYM.match(self.text, name.end)
        printed = self.text[name.start : name.end]
        if match and match["name"] in "".join(filter(str.isupper, (word[0] for word in printed.split()))):
            yield self._firm(*match.span("name"), "alias", printed)

    def _tie(self, name: Name, cue: Cue | None, base: Tie | None) -> Tie | None:
        if name.kind == "body":
            return None
        if cue is not None and cue.renames:
            return self._other_name(name, cue)
        behind = self._told_behind(name) if name.kind in ("firm", "business") else None
        tie = cue.tied.tie if cue is not None and cue.tied else behind or base
        if name.kind == "generic":
            return tie if tie != "named" and self.genre != "letter" else None
        if name.kind not in ("firm", "business"):
            return None
        if tie or self.genre == "release":
            return tie or "subject"
        return "named" if name.kind == "firm" or self.genre == "private" else None

    def _other_name(self, name: Name, cue: Cue) -> Tie | None:
        """What follows `also known as` is a firm's name where a firm stands before it."""
        tied = cue.tied
        quoted = self.text[name.start - 1 : name.start] in ("“", '"', "‘", "'")
        if tied is None or (tied.quoted and not quoted):
            return None
        if any(end in self.named for end in range(max(0, cue.start - 3), cue.start + 1)):
            return tied.tie
        near = self.text[max(0, cue.start - 25) : cue.start]
        return tied.tie if not tied.quoted and _RENAMED.search(near) else None
