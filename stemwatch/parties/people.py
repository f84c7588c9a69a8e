"""People with a part in a firm, by what stands around their names; officials of regulators and courts never."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from stemwatch.parties.addresses import PLACE, STATES
from stemwatch.parties.names import Name, Names
from stemwatch.parties.records import Firm, Person
from stemwatch.parties.vocabulary import Cue, vocabulary

_GAP = re.compile(
    r"[\s,:(“\"]*(?:(?:the|its|his|her|their|your|our|and|a|an|co|that|as|former|of|by|with)\b[\s,:-]*){0,3}"
)
_BEHIND = re.compile(r"[\s,(]*(?:(?:the|its|is|was|a|an|your|our|who is|who was|formerly|then|also)\b\s*){0,3}")
_DOES = "owns?|owned|operate[sd]?|ran|runs|founded|controls?|controlled"
_IS = "owner|operator|founder|president|ceo|director|manager"
_OF_FIRM = re.compile(
    rf"(?:[\s,]*(?:(?:formerly )?of|at|from|with|who (?:{_DOES})(?: and (?:{_DOES}))?"
    rf"|(?:the )?(?:sole )?(?:{_IS})s?(?: and (?:{_IS}))? of|also controls|also owns))\s+(?:the |a )?",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"[)”\"]{0,2}\s*(?:,|;|and|&|,\s*and|or)\s*(?:(?:its|his|her|their|the|owners?|dr\.?|co)\b[\s.-]*){0,3}",
    re.IGNORECASE,
)
# His age and where he lives stand between a name and what is said of it.
_LIVES = re.compile(rf"(?:, \d\d(?=,))?(?:,? (?:of|from) {PLACE}(?:, {PLACE})?(?=,))?")
_IN_STATE = re.compile(rf",? (?:{STATES})\b")
_ET_AL = re.compile(r"\s*,?\s*et al\b")
_ALSO = re.compile(r"\s+(?:and|&)\s+|/|,\s*")
_ABOVE_FIRM = re.compile(r"(?:, [^\n]{2,60})?\s*\n\s*")
_NEAR = 200
_FARTHEST = 40
_FIRST = re.compile(r"([^\W\d_]+)\.?,?[ \u00a0]+")
_LAST = re.compile(r"[,\s]+([\w.-]+)$")
_SENTENCE = re.compile(r"\n|[.;]\s(?=[A-Z])")
_REGULATOR = re.compile(
    r"@[\w.]+\.gov\b|\b(?:FDA|Food and Drug Administration|Compliance Branch|Compliance Officer)\b"
)
_ABOVE_BODY = re.compile(r"[^\n]{0,60}\n\s*(?:U\.?S\.? )?(?:FDA|Food and Drug)\b")
_CLOSING = re.compile(
    r"\n[ \t\u00a0]*(?:Sincerely|Respectfully|Very truly yours|Yours (?:sincerely|truly))\b|/[sS]/"
)
_COPIES = re.compile(r"\n[ \t\u00a0]*[cC][cC][ \t\u00a0]*:")


class People:
    """Reads the people of one text."""

    def __init__(
        self, text: str, names: Names, found: Sequence[Name], cues: Sequence[Cue], firms: Sequence[Firm]
    ) -> None:
        self.text = text
        self.names = names
        self.found = found
        self.cues = cues
        self.starts = [cue.start for cue in cues]
        self.ends = [cue.end for cue in cues]
        self.firms = {firm.start: firm for firm in firms}
        closing, copies = _CLOSING.search(text), None
        if closing:
            copies = _COPIES.search(text, closing.start())
        self.signed = closing.start() if closing else len(text)
        self.copied = copies.end() if copies else len(text)

    def people(self, field: str, *, strict: bool) -> list[Person]:
        """`strict`: only those whose part in a firm is told, and none of those who sign a letter."""
        persons = [(place, name) for place, name in enumerate(self.found) if name.kind == "person"]
        likely = [(place, name) for place, name in persons if self._may_be(name, strict=strict)]
        called = {name.start for place, name in likely if self._called(place, name, strict=strict)}
        if not strict:
            self._carry_on([name for _, name in likely], called)
        return [self._person(field, place, name) for place, name in likely if name.start in called]

    def _person(self, field: str, place: int, name: Name) -> Person:
        start, end = self._bare(name) or (name.start, name.end)
        behind = self._credentials(end)
        title, firm = self._title(name, behind), self._firm(place, behind)
        return Person(field=field, start=start, end=end, name=self.text[start:end], title=title, firm=firm)

    def _may_be(self, name: Name, *, strict: bool) -> bool:
        if self._bare(name) is None or self._official(name) or (strict and self._answering(name)):
            return False
        if strict and self.signed <= name.start < self.copied:
            return False
        end = self._credentials(name.end)
        return end > name.end or not _IN_STATE.match(self.text, name.end)

    def _carry_on(self, likely: list[Name], called: set[int]) -> None:
        """A list with a firm or with one who is called calls all: forwards, then backwards."""
        known = sorted(
            [*likely, *(name for name in self.found if name.start in self.firms)], key=lambda n: n.start
        )
        for one, other in [*pairwise(known), *((b, a) for a, b in reversed(list(pairwise(known))))]:
            first, second = sorted((one, other), key=lambda name: name.start)
            sure = one.start in called or one.start in self.firms
            if sure and self._listed(self._credentials(first.end), second.start):
                called.add(other.start)

    def _bare(self, name: Name) -> tuple[int, int] | None:
        """Without forms of address and degrees: start and end."""
        return bare(self.text, name.start, name.end, self.names)

    def _credentials(self, end: int) -> int:
        return credentials_end(self.text, end, self.names)

    def _cue_before(self, start: int) -> Cue | None:
        place = bisect_right(self.ends, start) - 1
        if place < 0 or start - self.ends[place] > 30:
            return None
        return self.cues[place] if _GAP.fullmatch(self.text, self.ends[place], start) else None

    def _cue_after(self, end: int) -> Cue | None:
        if lives := _LIVES.match(self.text, end):
            end = lives.end()
        place = bisect_left(self.starts, end)
        if place == len(self.cues) or self.starts[place] - end > 30:
            return None
        return self.cues[place] if _BEHIND.fullmatch(self.text, end, self.starts[place]) else None

    def _official(self, name: Name) -> bool:
        before, after = self._cue_before(name.start), self._cue_after(self._credentials(name.end))
        return any(cue is not None and cue.kind == "official" for cue in (before, after)) or bool(
            _ET_AL.match(self.text, name.end)
        )

    def _answering(self, name: Name) -> bool:
        """Whether it is someone at the regulator who takes the answer to a letter."""
        behind = self.text[name.end : name.end + _NEAR]
        sentence = _SENTENCE.split(behind, maxsplit=1)[0]
        return bool(_REGULATOR.search(sentence)) or bool(_ABOVE_BODY.match(behind))

    def _listed(self, end: int, start: int) -> bool:
        return start - end < _FARTHEST and bool(_LIST.fullmatch(self.text, end, start))

    def _called(self, place: int, name: Name, *, strict: bool) -> bool:
        start, inner = self._bare(name) or (name.start, name.end)
        end = self._credentials(inner)
        before, after = self._cue_before(name.start), self._cue_after(end)
        if strict:
            officer = any(cue is not None and cue.kind == "officer" for cue in (before, after))
            return officer or (name.start >= self.copied and self._copied(place, name, end))
        return start > name.start or end > inner or bool(before or after) or self._with_firm(place, end)

    def _copied(self, place: int, name: Name, end: int) -> bool:
        """Who gets a copy: a name on a line of its own above that of a firm."""
        line = self.text[max(0, name.start - 8) : name.start]
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        return (
            bool(re.search(r"(?:\n|[cC][cC]:)\s*$", line))
            and following is not None
            and following.kind == "firm"
            and not self.text[end : following.start].strip(" ,\n\u00a0")
        )

    def _with_firm(self, place: int, end: int) -> bool:
        """Whether a firm of the text follows: `X of Y, LLC`, `X and Y, LLC`."""
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        if following is None or following.start not in self.firms:
            return False
        return self._listed(end, following.start) or bool(_OF_FIRM.fullmatch(self.text, end, following.start))

    def _title(self, name: Name, end: int) -> str:
        """The part as printed, behind the name or before it."""
        after = self._cue_after(end)
        if after is not None and after.kind == "officer":
            last = after.end
            while (found := self._continued(last)) is not None:
                last = found.end
            return self.text[after.start : last]
        before = self._cue_before(name.start)
        return self.text[before.start : before.end] if before is not None and before.kind == "officer" else ""

    def _continued(self, end: int) -> Cue | None:
        place = bisect_left(self.starts, end)
        if place == len(self.cues) or self.cues[place].kind != "officer":
            return None
        return self.cues[place] if _ALSO.fullmatch(self.text, end, self.starts[place]) else None

    def _firm(self, place: int, end: int) -> str:
        if lives := _LIVES.match(self.text, end):
            end = lives.end()
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        firm = self.firms.get(following.start) if following else None
        if following is None or firm is None:
            return ""
        told = _OF_FIRM.fullmatch(self.text, end, following.start) or _ABOVE_FIRM.fullmatch(
            self.text, end, following.start
        )
        return firm.name if told else ""


def bare(text: str, start: int, end: int, names: Names) -> tuple[int, int] | None:
    """The place of a person's name without forms of address and degrees, None when one word is left."""
    lists = names.vocabulary.lists
    while match := _FIRST.match(text, start, end):
        if match[1].casefold() not in lists["honorific"]:
            break
        start = match.end()
    while match := _LAST.search(text, start, end):
        if not names.vocabulary.credential.fullmatch(match[1]):
            break
        end = match.start()
    return (start, end) if re.search(r"[ \u00a0]", text[start:end]) else None


def without_titles(name: str) -> str:
    """A person's name as it is given out: `Dr. Joy Doe, MD` is `Joy Doe`."""
    found = bare(name, 0, len(name.rstrip()), Names(vocabulary()))
    return name[slice(*found)].strip() if found else name.strip()


def credentials_end(text: str, end: int, names: Names) -> int:
    """Behind the degrees that follow a name."""
    while match := names.degree.match(text, end):
        end = match.end()
    return end
