"""Names under which the subject sells its products."""

import re
from collections.abc import Iterator, Sequence

from stemwatch.parties.names import Name
from stemwatch.parties.records import Brand

_WORD = r"[A-Z\u00c0-\u00de0-9][\w'’+-]{0,40}"
_MARKED = re.compile(rf"(?<![\w-])(?P<name>(?:{_WORD}[ \u00a0]){{0,3}}[^\W_][\w'’+-]{{1,40}})[®™]")
_NAME = rf"(?:{_WORD}(?:[ -]{_WORD}){{0,4}})"
_NAMED = re.compile(
    r"\b(?:(?:brand|trade|product|proprietary) names?|under the names?|sold as|marketed as|namely"
    r"|(?<!also )(?<!now )(?<!formerly )(?<!previously )known as)"
    rf"\s(?:of\s)?[“\"]?(?P<name>{_NAME})"
)
_KINDS = "fluid|membrane|exosome|cellular|cord|amniotic|tissue|allograft|derived|injectable|topical|supplement"
_DERIVED = re.compile(
    r"\bproducts? (?:derived|made|manufactured) from [^.;:()]{3,60}, "
    rf"(?P<list>{_NAME}(?:(?:,? and |, (?:and )?){_NAME}){{0,6}})"
)
_DESCRIBED = re.compile(r", an? (?:[\w-]+ ){0,5}(?:product|eyedrops?|allograft|solution|injection)\b")
_PRODUCTS = re.compile(
    rf"\b(?:[Yy]our|{_KINDS}) products?,?\s(?:including\s|namely\s)?"
    rf"(?P<list>[“\"]?{_NAME}[”\"]?(?:(?:,? and |, (?:and )?){_NAME}){{0,6}})(?=[\s]?[,.;:(®™])"
)
_ITEM = re.compile(_NAME)
_COMMON = re.compile(
    r"(?:The|A|An|This|These|Your|Our|In|For|On|As|Specifically|FDA|Form|Drug|Products?|Section|We|You|It|U|US"
    r"|Because|Under|However|Additionally|With|And|When|Neither|Both|All|Each|That|By|If|While|Although|Since"
    r"|Currently|Therefore|Furthermore|Finally|NDC)\b ?"
)


def brands(field: str, text: str, found: Sequence[Name]) -> Iterator[Brand]:
    """Each brand once, where it stands first. `found`: the names of the text."""
    known: set[str] = set()
    for start, end in sorted(_places(text, found)):
        while match := _COMMON.match(text, start, end):
            if match.end() >= end:
                break
            start = match.end()
        name = text[start:end]
        if len(name) < 3 or name.isdigit() or _COMMON.fullmatch(name) or name.casefold() in known:
            continue
        known.add(name.casefold())
        yield Brand(field=field, start=start, end=end, name=name)


def _places(text: str, found: Sequence[Name]) -> Iterator[tuple[int, int]]:
    for match in _MARKED.finditer(text):
        yield match.span("name")
    for match in _NAMED.finditer(text):
        yield match.span("name")
    described = {match.start() for match in _DESCRIBED.finditer(text)}
    yield from ((name.start, name.end) for name in found if name.end in described and name.kind == "other")
    for match in (*_PRODUCTS.finditer(text), *_DERIVED.finditer(text)):
        for item in _ITEM.finditer(text, *match.span("list")):
            yield item.span()
