"""Numbers under which a firm or a case is kept: FDA's establishment identifier, its case number, dockets."""

import re
from collections.abc import Iterator, Mapping

from stemwatch.parties.records import Number, NumberKind

_NO = r"\s?(?:[Nn]umber|[Nn]o\.?|NO\.?|[Cc]ase|ID|#)?[\s:#]{0,3}"
_FEI = rf"\b(?:FEI|[Ee]stablishment [Ii]dentifier)\b(?:\s?\(FEI\))?{_NO}(?P<fei>\d{{7,10}})\b"
_MARCS = (
    rf"\b(?:MARCS[- ]?)?CMS{_NO}(?P<marcs>\d{{6}})\b"
    rf"|\b(?:Case|CASE|Warning Letter|WARNING LETTER|WL|Unique Identifier){_NO}(?P<marcs2>\d{{6}})\b"
    r"|\b[A-Z]{4}[- ]\d\d-(?P<marcs3>\d{6})\b"
)
_DOCKET = (
    r"\b(?P<docket>\d{1,2}:\d\d-[a-z]{2,4}-\d{3,6})\b"
    r"|\b(?P<docket2>(?:FDA|FTC|DEA|CMS|HHS)-\d{4}-[A-Z]{1,2}-\d{4})\b"
    r"|\b(?:No\.|Nos\.|Docket)\s(?P<docket3>\d\d-\d{3,6})\b"
)
_NUMBERS = re.compile(f"{_FEI}|{_MARCS}|{_DOCKET}")
# Alone on its line or in the field of the reference, FDA's number is `24-654674`, its year before it.
_REFERENCE = re.compile(r"^(?:[A-Z]{4}[- ])?\d\d-(?P<marcs>\d{6})\s*$", re.MULTILINE)
_HEAD = 1000
_KINDS: tuple[NumberKind, ...] = ("fei", "marcs", "docket")


def numbers(fields: Mapping[str, str], names: tuple[str, ...]) -> Iterator[Number]:
    """Each number once, where it stands first."""
    known: set[tuple[str, str]] = set()
    for field in names:
        text = fields[field]
        found = [*_NUMBERS.finditer(text), *_REFERENCE.finditer(text, 0, min(len(text), _HEAD))]
        for match in sorted(found, key=lambda match: match.start()):
            group = match.lastgroup or ""
            kind = next(kind for kind in _KINDS if group.startswith(kind))
            value = match[group]
            if (kind, value) not in known:
                known.add((kind, value))
                yield Number(field=field, start=match.start(group), end=match.end(group), kind=kind, value=value)
