"""The fields beside the text: the firm's and the recipient's, and what the forms of titles say."""

import re
from collections.abc import Iterator, Mapping

from stemwatch.folding import fold
from stemwatch.parties.names import Name, Names
from stemwatch.parties.people import bare
from stemwatch.parties.records import Firm, Person, Tie
from stemwatch.parties.vocabulary import Vocabulary

_VERSUS = re.compile(r"\s(?:v|vs)\.?\s", re.IGNORECASE)
_IN_RE = re.compile(r"^(?:In re|In the Matter of|Matter of)[:\s]+", re.IGNORECASE)
_CITATION = re.compile(r",\s\d{1,4}\s(?:F\.|U\.S\.|S\.|B\.R\.|Fed\.|WL)[^,]*$|,? et al\.?$|,\s\d{4} WL \d+$")
_LETTERS = "Untitled|Warning|Closeout|Close-out|Cyber|It Has Come to Our Attention|Notice of Violation|Advisory"
_ADDRESSED = re.compile(rf"^(?:{_LETTERS})[^:–—]{{0,60}}?(?:\s[-–—]\s|:\s)(?P<name>[^:]+)$", re.IGNORECASE)
_OF_PERSON = re.compile(
    r"^(?P<name>[^:;]{4,60}): (?:Final |Proposed |Order |Notice |Grant |Denial |Special |Debarment)", re.IGNORECASE
)
_OF_PRODUCT = re.compile(r"\((?P<name>[^()]{3,90})\)\s*$")
_STATE = re.compile(
    r"(?:(?:The )?(?:State|Commonwealth|People|City|County)(?: of\b.*)?|U\.?S\.?A?\.?|USA)$", re.IGNORECASE
)
_EDGES = " \t\n\u00a0,;:()[]“”\"'‘’-–—"


def firms_of(field: str, text: str, start: int, end: int, vocabulary: Vocabulary) -> Iterator[Firm]:
    """A firm's field: its name, and behind `dba`, `formerly` and their like its other names."""
    piece = text[start:end]
    cues = [cue for cue in vocabulary.cues("ties", fold(piece)) if cue.renames]
    marks: list[tuple[int, int, Tie]] = [(0, 0, "subject")]
    marks += [(cue.start, cue.end, cue.tied.tie) for cue in cues if cue.tied]
    main = ""
    for place, (_, begin, tie) in enumerate(marks):
        last = marks[place + 1][0] if place + 1 < len(marks) else len(piece)
        inner = piece[begin:last]
        first = begin + len(inner) - len(inner.lstrip(_EDGES))
        last = begin + len(inner.rstrip(_EDGES))
        if last <= first or not any(map(str.isalnum, piece[first:last])):
            continue
        if piece[first:last].count("(") > piece[first:last].count(")") and piece[last : last + 1] == ")":
            last += 1
        name = piece[first:last]
        yield Firm(
            field=field,
            start=start + first,
            end=start + last,
            name=name,
            tie=tie if main else "subject",
            of=main if main else "",
        )
        main = main or name


def recipients(fields: Mapping[str, str], firm: str, names: Names) -> Iterator[Person]:
    """Those a letter is addressed to, with their titles; several are set apart by semicolons or strokes."""
    text, title = fields.get("recipient", ""), fields.get("recipient_title", "")
    parts = list(re.finditer(r"[^;/\n]+", text))
    titles = re.split("[;/]", title) if len(parts) > 1 else [title]
    for place, part in enumerate(parts):
        found = _person(text, *part.span(), names)
        if found:
            printed = titles[place].strip() if place < len(titles) else ""
            yield Person(
                field="recipient", start=found[0], end=found[1], name=text[slice(*found)], title=printed, firm=firm
            )


def _person(text: str, start: int, end: int, names: Names) -> tuple[int, int] | None:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip(" ,"))
    found = bare(text, start, end, names) if end > start else None
    if (
        not found
        or re.search(r"\d|\(b\)", text[found[0] : found[1]])
        or not any(map(str.isalpha, text[found[0] : found[1]]))
    ):
        return None
    comma = text.find(",", *found)
    return (found[0], comma) if comma > found[0] and " " in text[found[0] : comma] else found


def physician(field: str, text: str, names: Names) -> Person | None:
    """The person whom a firm's field names, as letters to clinical investigators do: a name with a degree."""
    found = bare(text, 0, len(text.rstrip()), names)
    if not found or found[1] == len(text.rstrip()):
        return None
    if [name.kind for name in names.find(text, *found)] != ["person"]:
        return None
    return Person(field=field, start=found[0], end=found[1], name=text[slice(*found)])


class Title:
    """What the form of a title says: who is named, and whether the whole of it is understood."""

    def __init__(self, text: str, names: Names, *, of_firm: bool) -> None:
        self.text = text
        self.names = names
        self.of_firm = of_firm

    def read(self) -> tuple[list[Firm], list[Person], bool]:
        """Firms, people, and whether this is all that the title can say."""
        text, end = self.text, len(self.text)
        while match := _CITATION.search(text, 0, end):
            end = match.start()
        if match := _VERSUS.search(text, 0, end):
            return (*self._versus(match, end), True)
        if match := _IN_RE.match(text):
            return list(self._parties(match.end(), end, "named")), [], True
        if self.of_firm:
            person = physician("title", text, self.names)
            return ([], [person], True) if person else (list(self._whole(0, end)), [], True)
        return self._of_form(end)

    def _of_form(self, end: int) -> tuple[list[Firm], list[Person], bool]:
        """Forms that regulators use for their titles."""
        text = self.text
        if (match := _ADDRESSED.match(text, 0, end)) and len(match["name"].split()) < 13:
            return list(self._whole(*match.span("name"))), [], True
        if match := _OF_PERSON.match(text, 0, end):
            return [], self._people(*match.span("name")), True
        if (match := _OF_PRODUCT.search(text, 0, end)) and self._is_firm(*match.span("name")):
            return list(self._whole(*match.span("name"))), [], True
        if self._is_firm(0, end):
            return list(self._whole(0, end)), [], True
        return [], [], False

    def _whole(self, start: int, end: int) -> Iterator[Firm]:
        return firms_of("title", self.text, start, end, self.names.vocabulary)

    def _is_firm(self, start: int, end: int) -> bool:
        """Whether words are one firm's name and nothing else."""
        found = self.names.find(self.text, start, end)
        return (
            len(found) == 1
            and found[0].kind in ("firm", "business")
            and found[0].end == end
            and self.text[start : found[0].start].casefold().strip() in ("", "the")
        )

    def _versus(self, versus: re.Match[str], end: int) -> tuple[list[Firm], list[Person]]:
        """The side that a public body is not on; between private parties nobody is the subject."""
        left, right = (0, versus.start()), (versus.end(), end)
        public = [self._public(*left), self._public(*right)]
        tie: Tie = "subject" if public[0] else "named"
        sides = [side for side, is_public in zip((left, right), public, strict=True) if not is_public]
        firms = [firm for side in sides for firm in self._parties(*side, tie)]
        people = [person for side in sides for person in self._people(*side)] if public[0] else []
        return firms, people

    def _public(self, start: int, end: int) -> bool:
        side = self.names.find(self.text, start, end)
        return any(name.kind == "body" for name in side) or bool(_STATE.match(self.text[start:end].strip()))

    def _parties(self, start: int, end: int, tie: Tie) -> Iterator[Firm]:
        base: Tie = tie
        for name in self.names.find(self.text, start, end):
            if name.kind in ("firm", "business", "generic"):
                yield Firm(
                    field="title", start=name.start, end=name.end, name=self.text[name.start : name.end], tie=base
                )
                base = "codefendant" if tie == "subject" else tie

    def _people(self, start: int, end: int) -> list[Person]:
        found = [bare(self.text, name.start, name.end, self.names) for name in self._persons(start, end)]
        return [Person(field="title", start=at[0], end=at[1], name=self.text[at[0] : at[1]]) for at in found if at]

    def _persons(self, start: int, end: int) -> list[Name]:
        return [name for name in self.names.find(self.text, start, end) if name.kind == "person"]
