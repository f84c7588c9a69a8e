"""Everything there is, without a search: clinics by their first letter, notices by their month."""

from calendar import month_name
from collections.abc import Mapping
from http import HTTPStatus

from publish.site.asking import Answer, Asked, Trouble
from publish.site.templating import page
from publish.site.texts import texts
from stemwatch.store.browsing import DIGITS, OTHER, UNDATED, Named, Titled


def letters(asked: Asked) -> Mapping[str, list[Named]]:
    """Names of clinics by the letter of their page."""
    return asked.store.once("letters", asked.store.clinics_by_letter)


def months(asked: Asked) -> Mapping[str, list[Titled]]:
    """Notices by the month of their page."""
    return asked.store.once("months", asked.store.notices_by_month)


def browse(asked: Asked) -> Answer:
    """Every letter and every month."""
    years: dict[str, list[tuple[str, str]]] = {}
    for month in months(asked):
        years.setdefault(_year(asked, month), []).append((month, _month(asked, month)))
    named = [(letter, _letter(asked, letter)) for letter in letters(asked)]
    return page(asked, "browse", letters=named, years=years)


def by_letter(asked: Asked) -> Answer:
    """The clinics with a name of that letter."""
    letter = asked.path["letter"]
    if letter not in letters(asked):
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    return page(asked, "browse_clinics", letter=_letter(asked, letter), names=letters(asked)[letter])


def by_month(asked: Asked) -> Answer:
    """The notices of that month, those about such treatments first."""
    month = asked.path["month"]
    if month not in months(asked):
        raise Trouble(HTTPStatus.NOT_FOUND, "")
    found = months(asked)[month]
    related = [notice for notice in found if notice.related]
    others = [notice for notice in found if not notice.related]
    year = "" if month == UNDATED else f"{month[:4]}"
    return page(
        asked, "browse_notices", month=f"{_month(asked, month)} {year}".strip(), related=related, others=others
    )


def _letter(asked: Asked, letter: str) -> str:
    named = texts(asked.site.language, "browse")
    return named["digits"] if letter == DIGITS else named["other"] if letter == OTHER else letter.upper()


def _month(asked: Asked, month: str) -> str:
    return texts(asked.site.language, "browse")["undated"] if month == UNDATED else month_name[int(month[5:])]


def _year(asked: Asked, month: str) -> str:
    return "" if month == UNDATED else month[:4]
