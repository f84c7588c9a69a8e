"""What a person types into a search: as a tree, and as an expression of SQLite's FTS5. Pure.

Words, "exact phrases", AND, OR, NOT (or a leading minus), prefix*, field:word and round brackets. Two words side
by side must both occur. Every word is quoted on its way, so that nothing typed is taken for FTS5's own syntax.
`stemwatch/matching.py` asks the tree of a text in memory.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stemwatch.errors import UsageError
from stemwatch.text import without_controls
from stemwatch.tokens import tokens

FIELDS = {"title": "title", "office": "office", "subject": "subject", "case": "case_number", "text": "body"}
"""What a person calls a field, and its column in the index."""

LONGEST = 1000
DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?: (?P<bracket>[()]) | (?P<minus>-+(?=[^\s-])) | (?:(?P<field>[A-Za-z]+):(?=\S))?
             (?: "(?P<phrase>[^"]*)"(?P<star>\*?) | (?P<word>[^\s()"]+) ) | (?P<open>") )""",
    re.VERBOSE,
)
_OPERATORS = ("AND", "OR", "NOT")


@dataclass(frozen=True)
class Token:
    kind: str
    text: str = ""
    column: str = ""
    prefix: bool = False


@dataclass(frozen=True)
class Phrase:
    """Words in a row, in one column or (empty) in any. `prefix`: the last one may go on."""

    text: str
    words: tuple[str, ...]
    column: str = ""
    prefix: bool = False


@dataclass(frozen=True)
class Every:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Either:
    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Without:
    """What is found by `wanted` and by none of `unwanted`."""

    wanted: "Node"
    unwanted: tuple["Node", ...]


Node = Phrase | Every | Either | Without


def expression(query: str) -> str:
    """The FTS5 expression for `query`; UsageError with one sentence when it cannot be understood."""
    return _written(parse(query))


@dataclass(frozen=True)
class Mentions:
    """What is looked for without how it is joined: `expression` finds any of it, `words` are the first of each."""

    expression: str
    words: tuple[str, ...]


def mentions(query: str) -> Mentions:
    """What `query` looks for; what is unwanted is left out."""
    phrases = tuple(_wanted(parse(query)))
    return Mentions(_written(Either(phrases)), tuple(phrase.words[0] for phrase in phrases if phrase.words))


def parse(query: str) -> Node:
    """`query` as a tree; UsageError with one sentence when it cannot be understood."""
    if len(query) > LONGEST:
        raise UsageError(f"The search is {len(query):,} characters long; {LONGEST:,} are the most.")
    parser = _Parser(without_controls(query))
    found = parser.alternatives()
    if parser.token is not None:
        raise parser.error("a closing bracket has no opening one")
    return found


def _wanted(node: Node) -> Iterator[Phrase]:
    match node:
        case Phrase():
            yield node
        case Every() | Either():
            for part in node.parts:
                yield from _wanted(part)
        case Without():
            yield from _wanted(node.wanted)


def _written(node: Node) -> str:
    match node:
        case Phrase():
            quoted = '"' + node.text.replace('"', '""') + '"' + (" *" if node.prefix else "")
            return f"{node.column} : {quoted}" if node.column else quoted
        case Every():
            return "(" + " AND ".join(map(_written, node.parts)) + ")"
        case Either():
            return "(" + " OR ".join(map(_written, node.parts)) + ")"
        case Without():
            return f"({_written(node.wanted)} NOT ({' OR '.join(map(_written, node.unwanted))}))"


class _Parser:
    """Recursive descent over the tokens of one query; `token` is the next one, None at the end."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = iter(_tokens(query, self.error))
        self.depth = 0
        self.token: Token | None = None
        self.step()

    def step(self) -> None:
        self.token = next(self.tokens, None)

    def error(self, reason: str) -> UsageError:
        shown = self.query if len(self.query) <= 80 else self.query[:79] + "…"
        return UsageError(f"The search {shown!r} cannot be understood: {reason}.")

    def at(self, *kinds: str) -> bool:
        return self.token is not None and self.token.kind in kinds

    def alternatives(self) -> Node:
        parts = [self.conjunction()]
        while self.at("OR"):
            self.step()
            parts.append(self.conjunction())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def conjunction(self) -> Node:
        wanted: list[Node] = []
        unwanted: list[Node] = []
        while self.token is not None and not self.at("OR", ")"):
            if self.at("AND"):
                if not wanted and not unwanted:
                    raise self.error("AND has nothing before it")
                self.step()
                if self.token is None or self.at("OR", "AND", ")"):
                    raise self.error("AND has nothing after it")
            negated = self.at("NOT", "-")
            if negated:
                self.step()
            (unwanted if negated else wanted).append(self.primary())
        if not wanted:
            reason = "NOT needs something to be found first" if unwanted else "there is nothing to look for"
            raise self.error(reason)
        found = Every(tuple(wanted)) if len(wanted) > 1 else wanted[0]
        return Without(found, tuple(unwanted)) if unwanted else found

    def primary(self) -> Node:
        if self.at("("):
            return self.bracket()
        token = self.token
        if token is None or token.kind != "term":
            raise self.error(f"{token.kind if token else 'the end'} stands where a word is due")
        self.step()
        return Phrase(token.text, tuple(tokens(token.text)), token.column, token.prefix)

    def bracket(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self.error(f"its brackets are nested more than {DEEPEST} deep")
        self.step()
        found = self.alternatives()
        if not self.at(")"):
            raise self.error("an opening bracket has no closing one")
        self.step()
        self.depth -= 1
        return found


def _tokens(query: str, error: Callable[[str], UsageError]) -> list[Token]:
    found = []
    place = 0
    while match := _TOKEN.match(query, place):
        place = match.end()
        if match["open"]:
            raise error("a quotation mark is not closed")
        token = _token(match, error)
        # The "&" of a firm's name is nothing the index holds.
        if token.kind != "term" or tokens(token.text):
            found.append(token)
    return found


def _token(match: re.Match[str], error: Callable[[str], UsageError]) -> Token:
    if match["bracket"] or match["minus"]:
        return Token(match["bracket"] or "-")
    word, phrase = match["word"], match["phrase"]
    if word in _OPERATORS and not match["field"]:
        return Token(word)
    text = phrase if phrase is not None else word.rstrip("*")
    column = FIELDS.get((match["field"] or "").lower(), "")
    if match["field"] and not column:
        # "foo:bar" of no field of ours is a word with a colon in it, unless it was meant as a field.
        if phrase is not None:
            raise error(f"there is no field {match['field']!r}; fields are {', '.join(FIELDS)}")
        text = f"{match['field']}:{text}"
    prefix = bool(match["star"]) if phrase is not None else word.endswith("*")
    return Token("term", text, column, prefix)
