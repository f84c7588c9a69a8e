"""Whether a search finds a text that lies in memory, as the search index would. Pure."""

from collections.abc import Iterator, Mapping

from stemwatch.search import Either, Every, Node, Phrase, Without
from stemwatch.tokens import tokens


class Document:
    """The words of each column of one text: `lines` has them in a row between blanks, `words` each once."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self.sequences = {name: tokens(text) for name, text in columns.items()}
        self.lines = {name: f" {' '.join(words)} " for name, words in self.sequences.items()}
        self.words = {name: frozenset(words) for name, words in self.sequences.items()}
        self.vocabulary = frozenset().union(*self.words.values())

    def finds(self, node: Node) -> bool:
        """Whether the search `node` finds this text."""
        match node:
            case Phrase():
                return any(self._has(node, column) for column in self._columns(node))
            case Every():
                return all(map(self.finds, node.parts))
            case Either():
                return any(map(self.finds, node.parts))
            case Without():
                return self.finds(node.wanted) and not any(map(self.finds, node.unwanted))

    def _columns(self, phrase: Phrase) -> Iterator[str]:
        if not phrase.column:
            yield from self.lines
        elif phrase.column in self.lines:
            yield phrase.column

    def _has(self, phrase: Phrase, column: str) -> bool:
        whole = phrase.words[:-1] if phrase.prefix else phrase.words
        if not self.words[column].issuperset(whole):
            return False
        if len(whole) == 1 == len(phrase.words):
            return True
        return f" {' '.join(phrase.words)}{'' if phrase.prefix else ' '}" in self.lines[column]
