"""Countries and their parts by name, from ISO 3166."""

from functools import cache

import pycountry

from stemwatch.folding import fold
from stemwatch.parties.vocabulary import folded

# Countries whose letters to firms and addresses name the part by its code.
WITH_CODES = ("US", "CA", "AU")

# Names in everyday use that the standard does not hold.
_EVERYDAY = {
    "usa": "US", "us": "US", "united states of america": "US", "uk": "GB", "england": "GB", "scotland": "GB",
    "wales": "GB",
    "south korea": "KR", "korea": "KR", "russia": "RU", "taiwan": "TW", "vietnam": "VN", "turkey": "TR",
    "macau": "MO", "iran": "IR", "czech republic": "CZ", "bolivia": "BO", "venezuela": "VE", "syria": "SY",
    "hong kong sar": "HK", "the netherlands": "NL", "republic of korea": "KR", "korea (the republic of)": "KR",
    "people's republic of china": "CN", "mainland china": "CN", "tanzania": "TZ", "moldova": "MD", "laos": "LA",
}  # fmt: skip


@cache
def countries() -> dict[str, str]:
    """Alpha-2 codes by folded name."""
    found = dict(_EVERYDAY)
    for country in pycountry.countries:
        for kind in ("name", "official_name", "common_name", "alpha_3"):
            if name := getattr(country, kind, ""):
                found.setdefault(folded(name), country.alpha_2)
    return found


@cache
def regions() -> dict[str, tuple[str, str]]:
    """Country and code of states and provinces, by folded name and by code in capitals."""
    found: dict[str, tuple[str, str]] = {}
    for country in WITH_CODES:
        for part in pycountry.subdivisions.get(country_code=country):  # type: ignore[no-untyped-call]
            code = part.code.split("-")[1]
            found.setdefault(code, (country, code))
            found.setdefault(folded(part.name), (country, code))
    return found


@cache
def codes() -> frozenset[str]:
    return frozenset(name for name in regions() if name.isupper())


@cache
def words() -> frozenset[str]:
    """Single words of the names of countries and their parts, folded."""
    names = [*regions(), *countries()]
    return frozenset(word for name in names if not name.isupper() for word in name.split() if len(word) > 2)


@cache
def _parts(country: str) -> frozenset[str]:
    found = pycountry.subdivisions.get(country_code=country) if country else None  # type: ignore[no-untyped-call]
    return frozenset(fold(part.name).text for part in found or ())


def is_region(name: str, country: str) -> bool:
    """Whether a country, by its code, has such a part."""
    return fold(name).text in _parts(country)


def country(name: str) -> str:
    """The country's code, empty when there is no such country."""
    return countries().get(folded(" ".join(name.split())), "")


def region(name: str) -> tuple[str, str]:
    """Country and code of a state or province by code or name; two empty strings when there is none."""
    name = " ".join(name.split())
    return regions().get(name) or regions().get(folded(name)) or ("", "")
