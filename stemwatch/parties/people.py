"""People with a part in a firm, by what stands around their names; officials of regulators and courts never."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from stemwatch.parties.names import Name, Names
from stemwatch.parties.records import Firm, Person
from stemwatch.parties.vocabulary import Cue

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
    r"\s*(?:,|;|and|&|,\s*and|or)\s*(?:(?:its|his|her|their|the|owners?|dr\.?|co)\b[\s.-]*){0,3}", re.IGNORECASE
)
_ET_AL = re.compile(r"\s*,?\s*et al\b")
_ALSO = re.compile(r"\s+(?:and|&)\s+|/|,\s*")
_CLOSING = re.compile(r"\n\s*(?:Sincerely|Respectfully|Very truly yours|Yours (?:sincerely|truly))\b|/[sS]/")
_COPIES = re.compile(r"\n\s*[cC][cC]\s*:\s*")


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

    def people(self, field: str, *, letter: bool) -> list[Person]:
        """In a letter only those who are called by a part in a firm, and none of those who sign it."""
        last = self._signature() if letter else len(self.text)
        people: list[Person] = []
        accepted: Name | None = None
        for place, name in enumerate(self.found):
            if name.start in self.firms:
                accepted = name if not letter else None
            if name.kind != "person" or name.start >= last or self._official(name):
                continue
            inner = self._bare(name)
            if not inner:
                continue
            end = self._credentials(inner[1])
            listed = accepted is not None and bool(
                _LIST.fullmatch(self.text, self._credentials(accepted.end), name.start)
            )
            if not (
                self._called(name, inner, end, letter=letter)
                or (not letter and (listed or self._with_firm(place, end)))
            ):
                continue
            accepted = name
            people.append(
                Person(
                    field=field,
                    start=inner[0],
                    end=inner[1],
                    name=self.text[inner[0] : inner[1]],
                    title=self._title(name, end),
                    firm=self._firm(place, end),
                )
            )
        return people

    def _signature(self) -> int:
        found = _CLOSING.search(self.text)
        return found.start() if found else len(self.text)

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
        place = bisect_left(self.starts, end)
        if place == len(self.cues) or self.starts[place] - end > 30:
            return None
        return self.cues[place] if _BEHIND.fullmatch(self.text, end, self.starts[place]) else None

    def _official(self, name: Name) -> bool:
        before, after = self._cue_before(name.start), self._cue_after(self._credentials(name.end))
        return any(cue is not None and cue.kind == "official" for cue in (before, after)) or bool(
            _ET_AL.match(self.text, name.end)
        )

    def _called(self, name: Name, inner: tuple[int, int], end: int, *, letter: bool) -> bool:
        before, after = self._cue_before(name.start), self._cue_after(end)
        if letter:
            return any(cue is not None and cue.kind == "officer" for cue in (before, after))
        return inner[0] > name.start or end > inner[1] or before is not None or after is not None

    def _with_firm(self, place: int, end: int) -> bool:
        """Whether a firm of the text follows: `X of Y, LLC`, `X and Y, LLC`."""
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        if following is None or following.start not in self.firms:
            return False
        return bool(
            _LIST.fullmatch(self.text, end, following.start) or _OF_FIRM.fullmatch(self.text, end, following.start)
        )

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
        following = self.found[place + 1] if place + 1 < len(self.found) else None
        firm = self.firms.get(following.start) if following else None
        return firm.name if following and firm and _OF_FIRM.fullmatch(self.text, end, following.start) else ""


def bare(text: str, start: int, end: int, names: Names) -> tuple[int, int] | None:
    """The place of a person's name without forms of address and degrees, None when one word is left."""
    lists = names.vocabulary.lists
    while match := re.compile(r"([^\W\d_]+)\.?,?[ \u00a0]+").match(text, start, end):
        if match[1].casefold() not in lists["honorific"]:
            break
        start = match.end()
    while match := re.compile(r"[,\s]+([\w.-]+)$").search(text, start, end):
        if not names.vocabulary.credential.fullmatch(match[1]):
            break
        end = match.start()
    return (start, end) if re.search(r"[ \u00a0]", text[start:end]) else None


def credentials_end(text: str, end: int, names: Names) -> int:
    """Behind the degrees that follow a name."""
    degree = re.compile(rf",?[ \u00a0](?:{names.vocabulary.credential.pattern})")
    while match := degree.match(text, end):
        end = match.end()
    return end
