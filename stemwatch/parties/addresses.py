"""Places of business: the block above a letter, addresses in a text, and places named behind a firm."""

import re
from collections.abc import Iterator, Mapping, Sequence

import usaddress

from stemwatch.parties import places
from stemwatch.parties.names import Name
from stemwatch.parties.records import Address, Firm
from stemwatch.parties.vocabulary import Vocabulary

_STATES = "|".join(
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
    rf"(?P<region>{_STATES})\b[.,;]{{0,2}}(?:\s?(?P<zip>{_ZIP}))?"
)
_WORD = r"[A-Z\u00c0-\u00de][\w'’-]{1,30}"
_PLACE = rf"(?:St\.? |Ft\.? |Mt\.? )?{_WORD}(?:[ -](?:(?:de|del|la|las|los|of|sur|am|le)[ ])?{_WORD}){{0,3}}"
_TIED = re.compile(
    r"(?:,? (?:in|of|at|near|based in|located in|from|headquartered in))\s"
    rf"(?P<city>{_PLACE})(?:, (?P<region>{_PLACE}|[A-Z]{{2}})\b)?"
)
_BEHIND = re.compile(rf", (?P<city>{_PLACE}), (?P<region>{_STATES})\b")
_ENDING = re.compile(rf"[,;\s]\s?(?P<region>{_STATES})\b[.,]?(?:\s?(?:{_ZIP})|\s*[;,]|\s*$)")
_POSTAL = re.compile(r"\b(?:[A-Z]{1,2}-)?\d[\d-]{2,}\b|\b\d+\b")


def of_block(fields: Mapping[str, str], firm: str) -> Iterator[Address]:
    """The field `address`, its lines joined by semicolons; a field `country` beside it says the country."""
    text = fields.get("address", "")
    if not text.strip():
        return
    parts = [part.strip() for part in re.split(r"[;\n]|,(?=[^,;]*$)", text) if part.strip()]
    country = places.country(parts[-1]) or places.country(fields.get("country", ""))
    rest = parts[:-1] if places.country(parts[-1]) else parts
    city, region = _american(text) if country in ("", *places.WITH_CODES) else ("", "")
    if not city and rest and len(rest) > 1:
        city = _foreign_city(rest[-1])
    state, _ = places.region(region)
    start = len(text) - len(text.lstrip())
    yield Address(
        field="address",
        start=start,
        end=len(text.rstrip()),
        city=city,
        region=region,
        country=country or state,
        firm=firm,
    )


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
    if last and not any(map(str.isdigit, last)) and len(last) < 40 and re.search(r"[,;\n]", before):
        return last
    try:
        tagged, _ = usaddress.tag(whole[-150:])
    except usaddress.RepeatedLabelError:
        return ""
    return str(tagged.get("PlaceName", "")).strip(" ,;")


def _foreign_city(line: str) -> str:
    """A line such as `28199 Bremen` or `Mumbai, Maharashtra 400093` without its postal code."""
    city = _POSTAL.sub("", line.split(",")[0]).strip(" -,.")
    return city if city and not any(map(str.isdigit, city)) else ""


def in_text(field: str, text: str, firm: str) -> Iterator[Address]:
    """Street addresses in a text that end in a state."""
    known: set[tuple[str, str]] = set()
    for match in _AMERICAN.finditer(text):
        country, region = places.region(match["region"])
        city = _city(match.group()[: match.start("region") - match.start()].rstrip(" ,;"), match.group())
        if not city or (city, region) in known:
            continue
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
        if match and match.span("city") not in bodies and (address := _place(field, match, firm)):
            yield address


def _place(field: str, match: re.Match[str], firm: str) -> Address | None:
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
