"""Days as regulators print them, read strictly: what a form does not fit is a ValueError, never a guess.

Day and month of all-numeric dates are never guessed: each form says its order.
"""

import re
from datetime import UTC, date, datetime, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}
_NUMBER_OF = {
    language: {name: number for number, name in enumerate(names.split(), start=1)}
    for language, names in _MONTHS.items()
}
# The year before each era's first. Eras that ended before the Act of 2013 do not occur.
_ERAS = {"昭和": 1925, "平成": 1988, "令和": 2018}

_MONTH_FIRST = re.compile(r"(?:[a-z]+, )?([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_DAY_FIRST = re.compile(r"(?:\w+,? )?(?:le )?(\d{1,2})(?:er|st|nd|rd|th)? (\w+)\.?,? (\d{4})", re.IGNORECASE)
_JAPANESE = re.compile(r"(?:(昭和|平成|令和)(元|\d{1,2})|(?<!\d)(\d{4}))年(\d{1,2})月(\d{1,2})日")
_KOREAN = re.compile(r"(\d{4})(?:년 ?|[.-] ?)(\d{1,2})(?:월 ?|[.-] ?)(\d{1,2})(?:일|\.)?")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


def iso(text: str) -> date:
    """2025-01-28; 20250128; the day of 2025-01-28T12:00:00Z."""
    return date.fromisoformat(text.strip()[:10])


def day_in(text: str, zone: str) -> date:
    """The day, where the regulator is, of an instant as feeds write it: RFC 822 or ISO 8601.

    An instant without a zone is the regulator's own.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _rfc822(text)
    there = ZoneInfo(zone)
    return moment.date() if moment.tzinfo is None else _day(moment, there)


def _rfc822(text: str) -> datetime:
    try:
        return parsedate_to_datetime(text)
    except (TypeError, IndexError, OverflowError):
        raise ValueError(f"{text[:40]!r} is no date") from None


def epoch(text: str, zone: str) -> date:
    """The day, where the regulator is, of seconds since 1970."""
    try:
        return _day(datetime.fromtimestamp(int(text), tz=UTC), ZoneInfo(zone))
    except (OverflowError, OSError):
        raise ValueError(f"{text[:40]!r} is no date") from None


def _day(moment: datetime, zone: tzinfo) -> date:
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        raise ValueError(f"{moment} is no date of this world") from None


def english(text: str) -> date:
    """January 28, 2025; Jan. 28, 2025; Tuesday, January 28, 2025; 28 January 2025."""
    text = " ".join(text.split())
    if match := _MONTH_FIRST.fullmatch(text):
        return date(int(match[3]), _month(match[1], "en"), int(match[2]))
    return _day_first(text, "en")


def french(text: str) -> date:
    """28 janvier 2025; 1er mars 2025."""
    return _day_first(" ".join(text.split()), "fr")


def japanese(text: str) -> date:
    """平成29年2月20日; 令和元年5月1日; 2017年2月20日; full-width digits."""
    match = _JAPANESE.search("".join(text.split()).translate(_FULL_WIDTH))
    if match is None:
        raise ValueError(f"{text[:40]!r} is no Japanese date")
    era, year_of_era, year, month, day = match.groups()
    if era:
        year = _ERAS[era] + (1 if year_of_era == "元" else int(year_of_era))
    return date(int(year), int(month), int(day))


def korean(text: str) -> date:
    """2025-01-28; 2025.01.28; 2025년 1월 28일."""
    match = _KOREAN.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(f"{text[:40]!r} is no Korean date")
    return date(int(match[1]), int(match[2]), int(match[3]))


def day_month_year(text: str) -> date:
    """28/01/2025, 28.01.2025: the day first."""
    day, month, year = _slashed(text)
    return date(year, month, day)


def month_day_year(text: str) -> date:
    """01/28/2025: the month first."""
    month, day, year = _slashed(text)
    return date(year, month, day)


def _slashed(text: str) -> tuple[int, int, int]:
    match = _SLASHED.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text[:40]!r} is no date of three numbers")
    return int(match[1]), int(match[2]), int(match[3])


def _day_first(text: str, language: str) -> date:
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        raise ValueError(f"{text[:40]!r} is no date")
    return date(int(match[3]), _month(match[2], language), int(match[1]))


def _month(name: str, language: str) -> int:
    """The number of a month by its name or an abbreviation of at least three letters that only one has."""
    name = name.casefold()
    found = [number for full, number in _NUMBER_OF[language].items() if full.startswith(name)]
    if len(name) < 3 or len(found) != 1:
        raise ValueError(f"{name!r} is no month")
    return found[0]
