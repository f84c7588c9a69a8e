"""Who a notice names: firms, people, websites, numbers, addresses and brands, with the characters that say it."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeVar

import msgspec

from stemwatch.folding import Folded, fold
from stemwatch.parties import addresses, brands, eastern, header, numbers, websites
from stemwatch.parties.names import Name, Names
from stemwatch.parties.people import People
from stemwatch.parties.records import Address, Brand, Firm, Mention, Parties, Person
from stemwatch.parties.ties import Genre, Reader, comparable_name
from stemwatch.parties.vocabulary import vocabulary

# Grows whenever the same words come to be read in another way.
REVISION = 2

# In the order in which they are read. Offices and subjects are the regulator's words about itself.
FIELDS = (
    "title",
    "recipient_firm",
    "firm",
    "recipient",
    "recipient_title",
    "address",
    "country",
    "email",
    "reference",
    "docket",
    "products",
    "text",
)
_DEAR = re.compile(r"^[ \t\u00a0]*Dear\b", re.MULTILINE)
_HEAD = 5000
# Characters read of a field other than the text: the longest title measured has 300.
_LONGEST = 2000
EASTERN = ("ja", "ko", "zh")

M = TypeVar("M", bound=Mention)


def comparable(name: str) -> str:
    """A firm's name without legal form, signs and case: what two printings of one name share."""
    return comparable_name(name, _names())


def digest() -> str:
    """Short hash of everything that the parties of a notice depend on: those found under another one are stale."""
    return f"{REVISION}-{vocabulary().digest}"


def parties(fields: Mapping[str, str], language: str = "en") -> Parties:
    """Reads the stored fields of a notice; fields it does not know are ignored. `language`: ISO 639-1."""
    return _Notice({name: fields[name] for name in FIELDS if fields.get(name)}, language, fields).read()


@cache
def _names() -> Names:
    return Names(vocabulary())


class _Notice:
    """One notice while it is read."""

    def __init__(self, held: Mapping[str, str], language: str, fields: Mapping[str, str]) -> None:
        self.held = {name: held[name] if name == "text" else held[name][:_LONGEST] for name in held}
        self.language = language
        self.names = _names()
        self.letter = bool(
            held.get("recipient_firm")
            or held.get("recipient")
            # The list of letters has both; releases may name an office, too.
            or (fields.get("office") and fields.get("subject"))
            or _DEAR.search(held.get("text", "")[:_HEAD])
        )
        self.genre: Genre = "letter" if self.letter else "release"
        self.firms: list[Firm] = []
        self.people: list[Person] = []
        self.addresses: list[Address] = []
        self.brands: list[Brand] = []
        self.folded: dict[str, Folded] = {}

    def read(self) -> Parties:
        self._header()
        main = next((firm.name for firm in self.firms if firm.tie == "subject"), "")
        self._title(main)
        self._text(main or next((firm.name for firm in self.firms if firm.tie == "subject"), ""))
        fields = tuple(self.held)
        return Parties(
            firms=self._ordered(self._first()),
            people=self._ordered(_once(self.people, lambda person: _plain(person.name))),
            websites=tuple(websites.websites(self.held, self.folded, self.names.vocabulary)),
            numbers=tuple(numbers.numbers(self.held, fields)),
            addresses=self._ordered(_once(self.addresses, lambda at: (at.city.casefold(), at.region, at.country))),
            brands=tuple(self.brands),
        )

    def _header(self) -> None:
        for field in ("recipient_firm", "firm"):
            text = self.held.get(field, "")
            if person := header.physician(field, text, self.names):
                self.people.append(person)
            elif text:
                self.firms += header.firms_of(field, text, 0, len(text), self.names.vocabulary)
        firm = self.firms[0].name if self.firms else ""
        self.people = [*header.recipients(self.held, firm, self.names), *self.people]
        self.addresses += addresses.of_block(self.held, firm)

    def _title(self, main: str) -> None:
        title = self.held.get("title", "")
        of_firm = self.letter or (bool(self.held.get("address")) and not main)
        firms, people, whole = header.Title(title, self.names, of_firm=of_firm).read() if title else ([], [], True)
        self.firms += firms
        self.people += people
        if firms and all(firm.tie == "named" for firm in firms):
            self.genre = "private"
        if not whole:
            self._headline(title)

    def _headline(self, title: str) -> None:
        """In a headline every word has a capital: only what the text names as well is a name."""
        if self.language in EASTERN:
            return
        text = self.held.get("text", "").lstrip()
        text = text[len(title) :] if text.startswith(title) else text
        found = [
            name if name.kind in ("firm", "body") or self._confirmed(title, name, text) else _unsure(name)
            for name in self.names.find(title)
        ]
        self._mentions("title", title, found, "")

    def _confirmed(self, title: str, name: Name, text: str) -> bool:
        return name.kind != "generic" and (not text.strip() or title[name.start : name.end] in text)

    def _text(self, main: str) -> None:
        text = self.held.get("text", "")
        if self.language in EASTERN:
            for field in ("title", "text"):
                words = self.held.get(field, "")
                self.firms += eastern.firms(field, words, self.language)
                self.people += eastern.people(field, words)
                self.addresses += eastern.addresses(field, words, self.language)
            return
        if text:
            found = self.names.find(text)
            self._mentions("text", text, found, main)
            self.addresses += addresses.in_text("text", text, found)
            self.brands += brands.brands("text", text, found)

    def _mentions(self, field: str, text: str, found: list[Name], main: str) -> None:
        folded, words = fold(text), self.names.vocabulary
        self.folded[field] = folded
        firms = list(Reader(field, text, found, words.cues("ties", folded), self.genre).firms(main))
        people = People(text, self.names, found, words.cues("people", folded), firms).people(
            field, strict=self.genre != "release"
        )
        self.firms += firms
        self.people += people
        if not self.letter:
            self.addresses += addresses.tied(field, text, firms, [person.end for person in people], found, words)

    def _without_short(self, firms: list[Firm]) -> list[Firm]:
        """A headline shortens a name that the text gives in full."""
        full = [self._key(firm) for firm in firms if firm.field != "title"]
        return [
            firm
            for firm in firms
            if self.letter
            or firm.field != "title"
            or not any(name != (short := self._key(firm)) and name.startswith(short) for name in full)
        ]

    def _key(self, firm: Firm) -> str:
        return comparable_name(firm.name, self.names)

    def _first(self) -> list[Firm]:
        """Each firm once; that it is another name of one is said besides what it is itself."""
        firms = _once(self.firms, lambda firm: (self._key(firm), firm.tie in ("alias", "former")))
        return self._without_short(firms)

    def _ordered(self, mentions: list[M]) -> tuple[M, ...]:
        places = {field: place for place, field in enumerate(FIELDS)}
        return tuple(sorted(mentions, key=lambda mention: (places[mention.field], mention.start)))


def _unsure(name: Name) -> Name:
    return msgspec.structs.replace(name, kind="other")


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))


def _once(mentions: Iterable[M], key: Callable[[M], object]) -> list[M]:
    """The first of each."""
    found: dict[object, M] = {}
    for mention in mentions:
        found.setdefault(key(mention), mention)
    return list(found.values())
