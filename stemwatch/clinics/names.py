"""Names of firms and people in the form in which they are compared.

A firm's core is its folded name without legal form, "the" and "and": `The Harbor & Cove Clinic, L.L.C.` is
`harbor cove clinic`. Blanks do not tell firms apart (`Harbor Cell`, `HarborCell`): `joined` has none.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from cleanco.termdata import terms_by_type

from stemwatch.clinics.lexicon import names_file, words_of
from stemwatch.folding import fold

LONGEST = 300
"""Characters of a name that are compared: what is longer is no name."""
_ABBREVIATION = re.compile(r"[a-z]{1,4}|.{0,2}")
"""So short a name any firm may share."""

_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")
_WHOLE = re.compile(r"[\u4e00-\u9fff\uac00-\ud7a3]{2,6}")
_DEGREE = re.compile(r"[,(]|\s[-–—]\s")


class FirmName(NamedTuple):
    """A firm's name for comparing. `joined` is empty when nothing is left of it."""

    core: str
    joined: str
    distinctive: bool


@lru_cache(maxsize=20_000)
def firm_name(name: str) -> FirmName:
    """How a firm's name as printed is compared with others."""
    text = _DOTTED.sub(lambda found: found.group().replace(".", ""), name[:LONGEST]).replace("’", "'")
    words = fold(re.sub(r"'s\b", "s", text)).text.split()
    words = [word for word in _without_legal_form(_without_leading(words)) if word]
    words = [word for word in words if word != "and"] or words
    return FirmName(" ".join(words), "".join(words), _distinctive(words))


def _distinctive(words: list[str]) -> bool:
    """A rare word, or a place with two words beside it: a name that two firms hardly share by chance."""
    generic, places = _generic(), _places()
    if _ABBREVIATION.fullmatch("".join(words)):
        return False
    if any(word not in generic and word not in places and len(word) > 1 for word in words):
        return True
    return len(words) > 2 and any(word in places for word in words)


@lru_cache(maxsize=20_000)
def significant(name: FirmName) -> str:
    """The words that set a name apart, run together; the whole name when none does."""
    generic, places = _generic(), _places()
    rare = [word for word in name.core.split() if word not in generic and word not in places]
    return "".join(rare) or name.joined


def _without_leading(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in _leading():
        words = words[1:]
    return [word if word.isascii() else _without_eastern_form(word) for word in words]


def _without_eastern_form(word: str) -> str:
    """Chinese, Japanese and Korean legal forms stand before or after a name without a blank."""
    for form in _eastern():
        word = word.removeprefix(form).removesuffix(form) or word
    return word


def _without_legal_form(words: list[str]) -> list[str]:
    forms, longest = _legal_forms()
    shortened = True
    while shortened:
        shortened = False
        for size in range(min(longest, len(words) - 1), 0, -1):
            if tuple(words[-size:]) in forms:
                words, shortened = words[:-size], True
                break
        while len(words) > 1 and words[-1] == "and":
            words = words[:-1]
    return words


@cache
def _legal_forms() -> tuple[frozenset[tuple[str, ...]], int]:
    """Legal forms as folded words, and how many words the longest has."""
    known = {form for forms in terms_by_type.values() for form in forms} | words_of(names_file().legal)
    folded = {tuple(fold(form.replace(".", "")).text.split()) for form in known}
    folded |= {tuple(fold(form).text.split()) for form in known}
    folded.discard(())
    return frozenset(folded), max(map(len, folded))


@cache
def _generic() -> frozenset[str]:
    return words_of(names_file().generic)


@cache
def _places() -> frozenset[str]:
    return words_of(names_file().places)


@cache
def _leading() -> frozenset[str]:
    return words_of(names_file().leading)


@cache
def _eastern() -> tuple[str, ...]:
    return tuple(sorted((form for form in _leading() if not form.isascii()), key=lambda form: (-len(form), form)))


@lru_cache(maxsize=20_000)
def person_name(name: str) -> str:
    """A person's first and last name, folded; empty when there are not two. Degrees and middle names are left out.

    The name of a Chinese, Japanese or Korean, written without a blank, stays whole.
    """
    text = _DOTTED.sub("", _DEGREE.split(name[:LONGEST], maxsplit=1)[0])
    words = [word for word in fold(text).text.split() if word not in _TITLES]
    if len(words) == 1 and _WHOLE.fullmatch(words[0]):
        return words[0]
    return f"{words[0]} {words[-1]}" if len(words) > 1 and len(words[0]) > 1 and len(words[-1]) > 1 else ""


_TITLES = frozenset(
    """dr mr mrs ms miss prof professor sir dame md do dc phd dds dmd dvm pa np rn od pharmd mba jd esq jr sr ii
    iii iv facs msc bsc ma mph""".split()
)
