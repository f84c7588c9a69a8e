"""By which words a place is asked for: cities as printed, regions and countries by code and by name. Pure."""

from collections.abc import Iterator
from functools import cache

import pycountry

from stemwatch.parties.records import Address
from stemwatch.tokens import tokens


def names_of(address: Address) -> Iterator[str]:
    """City, region and country of an address, the latter two by code and by name."""
    yield from filter(None, (address.city, address.region, address.country))
    if country := pycountry.countries.get(alpha_2=address.country):
        yield country.name
    region = pycountry.subdivisions.get(code=f"{address.country}-{address.region}")  # type: ignore[no-untyped-call]
    if region:
        yield region.name


def codes_of(words: str) -> list[str]:
    """The codes (`US`, `US-FL`) of countries and of their regions whose name has these words in a row."""
    asked = _row(words)
    return [code for code, name in _names() if asked in name]


@cache
def _names() -> list[tuple[str, str]]:
    countries = [(country.alpha_2, _row(country.name)) for country in pycountry.countries]
    return countries + [(region.code, _row(region.name)) for region in pycountry.subdivisions]


def _row(words: str) -> str:
    return f" {' '.join(tokens(words))} "
