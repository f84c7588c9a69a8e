"""Places of business: the block above a letter, addresses in a text, and places named behind a firm."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence

import usaddress

from stemwatch.parties import places
from stemwatch.parties.names import Name
from stemwatch.parties.records import Address, Firm
from stemwatch.parties.vocabulary import Vocabulary, folded

STATES = "|".join(
    sorted(
        (
            re.escape(name) if name.isupper() else re.escape(name.title()).replace("Of", "of")
            for name in places.regions()
        ),
        key=len,
        reverse=True,
    )
)
_ZIP = r"\d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d"
# A street's number, then up to a state with its postal code: what a parser of addresses can be asked about.
_AMERICAN = re.compile(
    r"(?<![\w.-])\d{1,6}(?:-\d{1,4})?[ \u00a0][A-Z0-9][^\n()§“”]{4,140}?[,;\s]\s?"
    rf"(?P<region>{STATES})\b[.,;]{{0,2}}(?:\s?(?P<zip>{_ZIP}))?"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'’-]{1,30}"
PLACE = rf"(?:St\.? |Ft\.? |Mt\.? )?{_WORD}(?:[ -](?:(?:de|del|la|las|los|of|sur|am|le)[ ])?{_WORD}){{0,3}}"
_TIED = re.compile(
    r"(?:, \d\d,(?= of))?(?:,? (?:in|of|at|near|based in|located in|from|headquartered in))\s"
    rf"(?P<city>{PLACE})(?:, (?P<region>{PLACE}|[A-Z]{{2}})\b)?"
)
_BEHIND = re.compile(rf", (?P<city>{PLACE}), (?P<region>{STATES})\b")
_ENDING = re.compile(rf"[,;\s]\s?(?P<region>{STATES})\b[.,]?(?:\s?(?:{_ZIP})|\s*[;,]|\s*$)")
_DIRECTIONS = ("Central",)  # a district of Hong Kong
_NEAR = 150
_CITY = re.compile(rf"{PLACE}$")
_POSTAL = re.compile(r"\b(?:[A-Z]{1,2}-)?\d[\d-]{2,}\b|\b\d+\b")


def of_block(fields: Mapping[str, str], firm: str) -> Iterator[Address]:
    """The field `address`, its lines joined by semicolons; a field `country` beside it says the country."""
    text = fields.get("address", "")
    if not text.strip():
        return
    parts = [part.strip(" ,") for part in re.split(r"[;\n]|,(?=[^,;]*$)", text) if part.strip(" ,")]
    country = places.country(parts[-1]) if parts else ""
    rest = parts[:-1] if country else parts
    country = country or places.country(fields.get("country", ""))
    city, region = _american(text) if country in ("", *places.WITH_CODES) else ("", "")
    if not city and len(rest) > 1:
        city, region = _foreign(rest, country)
    state, _ = places.region(region)
    at = len(text) - len(text.lstrip()), len(text.rstrip())
    country = country or state
    yield Address(field="address", start=at[0], end=at[1], city=city, region=region, country=country, firm=firm)


def _american(text: str) -> tuple[str, str]:
    """City and region's code of an address with a state."""
    found = list(_ENDING.finditer(text))[-1:]
    if not found:
        return "", ""
    (last,) = found
    _, region = places.region(last["region"])
    return _city(text[: last.start()], text[: last.end()]), region


def _city(before: str, whole: str) -> str:
    """The part before the state; where no comma sets it off, a parser of addresses says which words it is."""
    last = re.split(r"[,;\n]", before)[-1].strip()
    named = _CITY.search(last)
    if named and not any(map(str.isdigit, last)) and len(last) < 40 and re.search(r"[,;\n]", before):
        return named.group()
    try:
        tagged, _ = usaddress.tag(whole[-150:])
    except usaddress.RepeatedLabelError:
        return ""
    return str(tagged.get("PlaceName", "")).strip(" ,;")


def _foreign(lines: Sequence[str], country: str) -> tuple[str, str]:
    """City and region of the lines above the country: `Pune 411057` above `Maharashtra`, `28199 Bremen`."""
    lines = [line for line in lines if _POSTAL.sub("", line).strip(" -,.")]
    region = ""
    if len(lines) > 1 and _is_region(lines[-1], country):
        region = _POSTAL.sub("", lines[-1]).strip(" -,.")
        lines = lines[:-1]
    if not lines:
        return "", region
    before, _, behind = lines[-1].rpartition(",")
    city = _POSTAL.sub("", before if re.fullmatch(r"\W*[A-Z][a-zé]{1,3}\.", behind) else behind or before).strip(
        " -,."
    )
    return ("" if any(map(str.isdigit, city)) else city), region


def _is_region(line: str, country: str) -> bool:
    """Whether a line is a part of its country, or a Chinese province as FDA writes it."""
    name = _POSTAL.sub("", line).strip(" -,.")
    return name.endswith(" Sheng") or (name == line and places.is_region(name, country))


def in_text(field: str, text: str, found: Sequence[Name]) -> Iterator[Address]:
    """Street addresses in a text that end in a state, except those of public bodies."""
    known: set[tuple[str, str]] = set()
    owners = [name for name in found if name.kind in ("firm", "business", "body")]
    ends = [name.end for name in owners]
    for match in _AMERICAN.finditer(text):
        country, region = places.region(match["region"])
        before = text[match.start() : match.start("region")]
        city = _city(before.rstrip(" ,;"), match.group())
        if not city or (city, region) in known or not (match["zip"] or before.rstrip().endswith((",", ";"))):
            continue
        place = bisect_right(ends, match.start()) - 1
        owner = owners[place] if place >= 0 and match.start() - ends[place] < _NEAR else None
        if owner is not None and owner.kind == "body":
            continue
        firm = text[owner.start : owner.end] if owner else ""
        known.add((city, region))
        yield Address(
            field=field, start=match.start(), end=match.end(), city=city, region=region, country=country, firm=firm
        )


def tied(
    field: str,
    text: str,
    firms: Sequence[Firm],
    people_ends: Sequence[int],
    found: Sequence[Name],
    vocabulary: Vocabulary,
) -> Iterator[Address]:
    """Places named right behind a firm, a person, or a word such as clinic."""
    ends: dict[int, str] = {firm.end: firm.name for firm in firms}
    ends |= dict.fromkeys(people_ends, "")
    sites = "|".join(sorted(vocabulary.lists["site"]))
    ends |= {
        match.end(): ""
        for match in re.finditer(rf"\b(?:{sites})\b(?= (?:in|at|near|of|located|based))", text, re.IGNORECASE)
        if match.end() not in ends
    }
    bodies = {(name.start, name.end) for name in found if name.kind in ("body", "firm", "business")}
    for end, firm in sorted(ends.items()):
        match = _TIED.match(text, end) or _BEHIND.match(text, end)
        if match and match.span("city") not in bodies and not _of_the_trade(match["city"], vocabulary):
            yield _place(field, match, firm)


def _of_the_trade(words: str, vocabulary: Vocabulary) -> bool:
    lists = ("generic", "business", "body", "separator")
    return any(folded(word) in vocabulary.lists[name] for word in words.split() for name in lists[1:]) or all(
        folded(word) in vocabulary.lists["generic"] and word not in _DIRECTIONS for word in words.split()
    )


def _place(field: str, match: re.Match[str], firm: str) -> Address:
    city, part = match["city"], match["region"] or ""
    if country := places.country(city):
        return Address(field=field, start=match.start("city"), end=match.end("city"), country=country, firm=firm)
    state, code = places.region(city)
    if state and not part:
        return Address(
            field=field, start=match.start("city"), end=match.end("city"), region=code, country=state, firm=firm
        )
    state, code = places.region(part)
    country = state or places.country(part)
    end = match.end("region") if country else match.end("city")
    return Address(
        field=field, start=match.start("city"), end=end, city=city, region=code, country=country, firm=firm
    )
