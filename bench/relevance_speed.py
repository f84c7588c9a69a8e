"""Speed of relevance on a letter of 15,000 characters: python -m bench.relevance_speed

Three ways of looking for the same phrases are compared in the same run: the multi-pattern library as the engine
uses it, the library with its own choice of automaton, and one compiled alternation in the form of a tree. It ends
with 1 when a judgement takes over 5 ms or over 5 times the library's bare scan.
"""

import re
import sys
from collections.abc import Callable
from timeit import repeat

from ahocorasick_rs import AhoCorasick

from stemwatch.folding import fold
from stemwatch.phrases import Lexicon, lexicon
from stemwatch.relevance import judge

SIZE = 15_000
MOST_MS, MOST_TIMES = 5.0, 5.0

ABOUT = (
    "The firm’s website offers umbilical cord stem cells and exosomes for multiple sclerosis, by vein or joint. "
    "Such goods are biological products under section 351(i) – no license is in effect for them. "
)
PLAIN = (
    "The cleaning log of room 4 was left blank on nine days in March, and nobody looked into it. "
    "A second sample was taken without a record of who took it, when, or from which lot. "
    "Your answer came late and held a plan “in outline” only; it gave no dates. "
)
# The share of phrases and of typographic signs is that of warning letters.
LETTER = ((ABOUT + 4 * PLAIN) * SIZE)[:SIZE]
WORDS_AMISS = LETTER.replace(". ", ".  \n", 40).replace("exosomes", "exo\u00adsomes", 4)


class Tree(dict[str, "Tree"]):
    """Phrases letter by letter; `end` says that one ends here."""

    end = False


def alternation(heads: list[str]) -> re.Pattern[str]:
    """One pattern for all phrases, common beginnings told once, longer ones first."""
    root = Tree()
    for head in heads:
        node = root
        for letter in head:
            node = node.setdefault(letter, Tree())
        node.end = True
    return re.compile(_branches(root))


def _branches(node: Tree) -> str:
    parts = [re.escape(letter) + _branches(child) for letter, child in sorted(node.items())]
    parts += [""] if node.end else []
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def micros(work: Callable[[], object]) -> float:
    """The best of many: what it takes when nothing else runs."""
    return min(repeat(work, number=20, repeat=15)) / 20 * 1e6


def compared(words: Lexicon) -> float:
    """Prints the ways of looking; returns the bare scan in microseconds."""
    heads, text = words.engine.heads, fold(LETTER)
    pattern, own = alternation(heads), AhoCorasick(heads)
    bare = micros(lambda: words.engine.scan(text))
    ways = {
        "ahocorasick-rs, as the engine uses it": bare,
        "ahocorasick-rs, its own choice": micros(lambda: own.find_matches_as_indexes(text.text, overlapping=True)),
        "re, one compiled alternation": micros(lambda: [match.span() for match in pattern.finditer(text.text)]),
    }
    print(f"Looking for {len(heads)} phrases in {len(LETTER)} characters, {len(words.engine.scan(text))} places")
    for name, spent in ways.items():
        print(f"  {name:40}{spent:8.0f} µs {spent / bare:6.1f} x")
    return bare


def main() -> int:
    words = lexicon()
    bare = compared(words)
    spent = micros(lambda: judge({"title": "Harbor LLC", "text": LETTER}))
    amiss = micros(lambda: judge({"title": "Harbor LLC", "text": WORDS_AMISS}))
    print(f"Folding                                   {micros(lambda: fold(LETTER)):8.0f} µs")
    print(f"Judging a letter                          {spent:8.0f} µs {spent / bare:6.1f} x the bare scan")
    print(
        f"  with runs of blanks and soft hyphens    {amiss:8.0f} µs {amiss / bare:6.1f} x (stored texts have none)"
    )
    met = spent / 1000 <= MOST_MS and spent / bare <= MOST_TIMES
    print(f"{'met' if met else 'MISSED'}: at most {MOST_MS:.0f} ms and {MOST_TIMES:.0f} times the bare scan")
    return int(not met)


if __name__ == "__main__":
    sys.exit(main())
