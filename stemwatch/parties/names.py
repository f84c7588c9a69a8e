"""Runs of words in capitals, and which of them are names: of a firm, of a person, or of something else.

A name with a legal form is a firm's wherever it stands. One that ends (in Romance and Germanic languages: begins)
with a business word is one when it also holds a word that says nothing about the trade. What is left, of two to
four words, may be a person's; its place decides.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec

from stemwatch.parties import places
from stemwatch.parties.vocabulary import Vocabulary, folded

Kind = Literal["firm", "business", "generic", "person", "body", "other"]

LONGEST = 160
"""Characters of the longest name; runs in capitals of whole paragraphs are none."""

_UPPER = "".join(letter for letter in map(chr, range(0x530)) if letter.isupper())
_JOINING = "of|and|for|the|de|del|du|da|do|dos|das|des|la|las|los|le|les|y|e|et|und|für"
_JOINING += "|van|von|der|den|di|bin|al|ter"  # particles of people's names
_TOKEN = (
    rf"(?!(?:DBA|FKA|AKA|D/B/A|F/K/A|A/K/A)\b)"
    rf"(?:[{_UPPER}]\.(?:[A-Za-z]\.){{0,4}}[{_UPPER}]?(?!\w)|(?:Inc|Co|Corp|Ltd|Bros|St|Dr|Mr|Ms|Mrs|Jr|Sr|Pvt|Pte|Pty|Mfg|Intl|Drs|Kft|Zrt|Nyrt|Ltda|Lda|Bhd)\.(?!\w)"
    rf"|[{_UPPER}0-9][\w'’+®™-]*(?:[&/.][{_UPPER}0-9][\w'’+®™-]*)*)"
)
# Words of the longest run that is looked at as one.
_MOST = 60
_YEAR = re.compile(r"(?:19|20)\d\d")
_SMALL = {"the", "a", "an", "and", "of", "for", ""}
_ARTICLES = {"la", "le", "les", "el", "los", "las", "il"}
_LINKS = {"of", "for", "the", "and", "&", "in"}
_WORD = re.compile(rf"{_TOKEN}|&|\+|[\w'’-]+")


def run_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    """Words in capitals with the small words that join them; a comma only before a legal form."""
    blank = "[ \u00a0]{1,2}"
    # `Boulder, CO` and `Calgary, AB` are places; the same letters without a comma are legal forms.
    legal = rf"(?!(?:{'|'.join(sorted(places.codes()))})(?![\w.])){vocabulary.legal.pattern}"
    joined = rf"{blank}(?:(?:{_JOINING}|&|\+){blank}){{0,2}}"
    nickname = rf"{blank}[(“\"'‘][{_UPPER}][\w-]{{1,20}}[)”\"'’]{blank}(?=[{_UPPER}])"
    small = vocabulary.small_legal.pattern
    return re.compile(
        rf"(?<![\w(]){_TOKEN}(?:(?:,{blank}?(?={legal})|{nickname}|{joined}){_TOKEN}|,?{blank}{small})*+"
        rf"|(?<=\(){_TOKEN}(?:(?:,{blank}?(?={legal})|{joined}){_TOKEN})*+"
    )


class Name(msgspec.Struct, frozen=True):
    """Characters `start` to `end` of a text."""

    start: int
    end: int
    kind: Kind


class Token(msgspec.Struct, frozen=True):
    start: int
    end: int
    word: str
    text: str


class Names:
    """Finds names in texts."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.lists = vocabulary.lists
        self.runs = run_pattern(vocabulary)
        self.ending = re.compile(rf"[\s,]+{vocabulary.legal.pattern}\s*$")
        self.degree = re.compile(rf",?[ \u00a0](?:{vocabulary.credential.pattern})")
        bodies = sorted(vocabulary.lists["public_body"], key=len, reverse=True)
        self.public = re.compile("|".join(map(re.escape, bodies)))

    def find(self, text: str, start: int = 0, end: int | None = None) -> list[Name]:
        """Every name, in reading order."""
        whole = len(text) if end is None else end
        return [name for run in self.runs.finditer(text, start, whole) for name in self._of_run(text, run)]

    def _of_run(self, text: str, run: re.Match[str]) -> Iterator[Name]:
        if run.end() - run.start() < 2:
            return
        if " " not in (printed := run.group()) and "\u00a0" not in printed:
            yield from self._name(text, [Token(*run.span(), folded(printed), printed)])
            return
        words = list(self._tokens(text, *run.span()))
        begin = 0
        for place in range(len(words) + 1):
            if place == len(words) or place - begin == _MOST or self._separates(words[place]):
                yield from self._pieces(text, words[begin:place])
                begin = place + 1

    def _tokens(self, text: str, start: int, end: int) -> Iterator[Token]:
        """Words of a run; a legal form is one word, `§`."""
        place = start
        while place < end:
            legal = self.vocabulary.legal.match(text, place, end) if place > start else None
            if legal:
                yield Token(*legal.span(), "§", legal.group())
                place = legal.end()
            elif word := _WORD.match(text, place, end):
                yield Token(*word.span(), folded(word.group()), word.group())
                place = word.end()
            else:
                place += 1

    def _separates(self, token: Token) -> bool:
        return token.word in self.lists["separator"]

    def _pieces(self, text: str, words: list[Token]) -> Iterator[Name]:
        """The names of words between separators."""
        begin = 0
        for place, token in enumerate(words):
            following = words[place + 1].word if place + 1 < len(words) else ""
            if (token.word == "§" and following != "§") or (
                token.text.endswith(("'s", "’s"))
                and following
                and following != "§"
                and place > begin
                and not self._known(words[place + 1 :])
            ):
                yield from self._name(text, words[begin : place + 1])
                begin = place + 1
            elif token.word in ("and", "of", "for", "y", "et", "und", "the", "e", "a") and self._parts(
                token.word, words[begin:place], words[place + 1 :]
            ):
                yield from self._name(text, words[begin:place])
                begin = place + 1
        yield from self._name(text, words[begin:])

    def _known(self, words: list[Token]) -> bool:
        return any(token.word == "§" or token.word in self.lists["business"] for token in words)

    def _parts(self, joiner: str, left: list[Token], right: list[Token]) -> bool:
        """Whether a small word stands between two names instead of within one."""
        if not left or not right or left[-1].word == "§":
            return True
        own = [token for token in left if not self._joins(token)]
        if joiner in ("of", "for", "the", "a", "e"):
            return self.person(own) or (joiner == "of" and self._described(own))
        whole = (
            self._business(own) or self.person(own) or any(token.word in self.lists["leading"] for token in own)
        )
        return len(own) > 1 and whole

    def _described(self, words: list[Token]) -> bool:
        """Words of the trade alone, as in `Injections of X`; `State of X` is one thing."""
        public = any(f"{word.word} of" in self.lists["public_body"] for word in words[-1:])
        return (
            not public and not self._business(words) and all(word.word in self.lists["generic"] for word in words)
        )

    def _business(self, words: list[Token]) -> bool:
        return bool(words) and words[-1].word in self.lists["business"]

    def _joins(self, token: Token) -> bool:
        return token.text.islower() or token.text in "&+"

    def _name(self, text: str, words: list[Token]) -> Iterator[Name]:
        words = self._trimmed(words)
        if not words or words[-1].end - words[0].start > LONGEST:
            return
        start, end = words[0].start, words[-1].end
        if text[end - 2 : end] in ("'s", "’s"):
            end -= 2
        end = start + len(text[start:end].rstrip("'’-"))
        if end > start:
            yield Name(start, end, self.kind(text[start:end], words))

    def _trimmed(self, words: list[Token]) -> list[Token]:
        """Without the small words around a name, an article before it, and the year of a copyright."""
        while words and (words[0].word in _SMALL or self._joins(words[0])):
            words = words[1:]
        while words and words[-1].word != "§" and self._joins(words[-1]):
            words = words[:-1]
        article = len(words) > 2 and words[0].word in _ARTICLES and words[1].word in self.lists["leading"]
        return words[1:] if article or (words and _YEAR.fullmatch(words[0].text)) else words

    def kind(self, name: str, words: list[Token]) -> Kind:
        own = [token for token in words if not self._joins(token) and token.word != "§"]
        if not own:
            return "other"
        if words[-1].word == "§":
            return "firm"
        if any(token.word in self.lists["body"] for token in own):
            return "body"
        if self.public.search(" ".join(token.word for token in words)):
            return "body"
        if self._is_business(words):
            distinct = any(self._distinct(token) for token in own) or self._of_place(words)
            return "business" if distinct else "generic"
        joined = {token.word for token in words if self._joins(token)} & _LINKS
        return "person" if self.person(own) and not joined else "other"

    def _is_business(self, words: list[Token]) -> bool:
        """A business word at the end, at the beginning, or before `of`."""
        business = self.lists["business"]
        ends = [words[-1].word]
        if words[0].word in self.lists["leading"] or words[-1].word in self.lists["leading"]:
            return len(words) > 1
        ends += [token.word for token, after in pairwise(words) if after.word in ("of", "for", "de", "del", "du")]
        return any(word in business or word in ("stem cells",) for word in ends) and (
            len(words) > 1 or _compound(words[0], business)
        )

    def _of_place(self, words: list[Token]) -> bool:
        """`Cell Institute of America`: a place makes a name of words of the trade."""
        return any(left.word == "of" and right.word in places.words() for left, right in pairwise(words))

    def _distinct(self, token: Token) -> bool:
        return not (
            token.word in self.lists["generic"]
            or token.word in places.words()
            or token.word in self.lists["business"]
            or token.word in self.lists["leading"]
            or token.text.isdigit()
        )

    def person(self, own: list[Token]) -> bool:
        """Two to four words with small letters, none of them of the trade; initials and honorifics besides."""
        words = [token for token in own if token.word not in self.lists["honorific"]]
        full = [token for token in words if not re.fullmatch(rf"[{_UPPER}]|(?:[{_UPPER}]\.)+", token.text)]
        return (
            1 < len(words) < 6
            and bool(full)
            and len(words[-1].text) > 1
            and all(map(self._human, full))
            and "." not in words[-1].text
        )

    def _human(self, token: Token) -> bool:
        lists, word = self.lists, token.word
        return (
            not any(
                word in lists[name]
                for name in (
                    "generic",
                    "business",
                    "body",
                    "separator",
                    "acronym",
                    "place_word",
                    "office",
                    "leading",
                )
            )
            and token.text.replace("'", "").replace("’", "").replace("-", "").isalpha()
            and any(map(str.islower, token.text))
        )


def _compound(token: Token, business: frozenset[str]) -> bool:
    """One word that ends in a business word, as `BioLabs` does."""
    return any(
        token.word.endswith(word) and len(token.word) > len(word) + 2
        for word in ("labs", "biologics", "bio", "pharma", "medspa", "klinik", "wellness")
    )
