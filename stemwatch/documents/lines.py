"""Lines of print put together to paragraphs again, words that were parted at their ends made whole."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from stemwatch.text import clean

_WORD = re.compile(r"[^\W\d_]+")

_PAGE_NUMBER = re.compile(r"(?:page )?[-–]?\s?\d{1,4}(?:\s?(?:of|/)\s?\d{1,4})?\s?[-–]?", re.IGNORECASE)
_ITEM = re.compile(r"(?:[•‣▪●○■□◦·*➢✓✔–—-]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s", re.IGNORECASE)
_SENTENCE_END = (".", "!", "?", ":", ";", "。", "！", "？", "：", ".”", '."', ".’", ".)")
_PARTED = re.compile(r"[^\W\d_]-$")
# Han, kana: written without blanks.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef。、]")

_FULL = 0.6
"""A line shorter than this share of the usual length ends its paragraph."""
_SURELY_FULL = 0.9
"""After the end of a sentence, only a line at least this long goes on."""


def paragraphs(pages: Iterable[str]) -> str:
    """The text of pages, one paragraph a line. A line that is blank parts paragraphs."""
    lines = [clean(line) for page in pages for line in _without_number(page.splitlines())]
    lengths = sorted(len(line) for line in lines if line)
    usual = lengths[len(lengths) * 9 // 10] if lengths else 0
    words = Counter(word for line in lines for word in _WORD.findall(line.lower()))
    return "\n".join(_joined(lines, usual, words))


def _without_number(lines: Sequence[str]) -> Iterator[str]:
    """A page's lines without the number at its head or foot, which would part a sentence that goes on."""
    printed = [number for number, line in enumerate(lines) if line.strip()]
    edges = {printed[0], printed[-1]} if len(printed) > 1 else set()
    for number, line in enumerate(lines):
        if number not in edges or not _PAGE_NUMBER.fullmatch(line.strip()):
            yield line


def _joined(lines: Sequence[str], usual: int, words: Counter[str]) -> Iterator[str]:
    parts: list[str] = []
    last = ""
    for line in lines:
        if last and line and _goes_on(last, line, usual):
            parts[-1:] = [_before(parts[-1], line, words), line]
        else:
            if parts:
                yield "".join(parts)
            parts = [line] if line else []
        last = line
    if parts:
        yield "".join(parts)


def _goes_on(last: str, line: str, usual: int) -> bool:
    """Whether a paragraph goes on from one line to the next."""
    if _PARTED.search(last) and line[0].islower():
        return True
    if _ITEM.match(line) or len(last) < _FULL * usual:
        return False
    if line[0].islower():
        return True
    return not last.endswith(_SENTENCE_END) or len(last) >= _SURELY_FULL * usual


def _before(last: str, line: str, words: Counter[str]) -> str:
    """A line as it reads before the next: with a blank, or without the hyphen that only its end gave it."""
    if _PARTED.search(last):
        return last[:-1] if line[0].islower() and _is_one_word(last, line, words) else last
    return last if _UNSPACED.match(last[-1]) and _UNSPACED.match(line[0]) else last + " "


def _is_one_word(last: str, line: str, words: Counter[str]) -> bool:
    """`treat-` and `ment` are; `well-` and `known` are not where the document knows `known` and no `wellknown`."""
    first, second = _WORD.findall(last)[-1].lower(), _WORD.findall(line)[0].lower()
    return first + second in words or words[second] < 2  # the one it is itself
