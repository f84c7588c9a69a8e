"""The form of a subscription: from a wish to its fields, and back. Pure."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, get_args
from zoneinfo import available_timezones

from stemwatch.records import Source
from stemwatch.signup import Language, Wish, read_wish
from stemwatch.words import PRODUCTS, WEEKDAYS

Form = Mapping[str, str]

_LISTS = ("jurisdictions", "sources", "products")
_TEXTS = ("query", "send", "weekday", "time_zone", "language")
_AREAS = re.compile(r"(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+|UTC")


class Choices(NamedTuple):
    """What there is to choose from. Languages go by their own names."""

    jurisdictions: tuple[str, ...]
    sources: tuple[Source, ...]
    products: tuple[str, ...]
    weekdays: tuple[str, ...]
    languages: Mapping[str, str]
    time_zones: tuple[str, ...]

    def opened(self, fields: Form, key: str) -> bool:
        """Whether any box of a list is ticked, so that it has to be seen."""
        return any(name.startswith(f"{key}.") for name in fields)


_NAMES = {"de": "Deutsch", "en": "English", "es": "Español", "fr": "Français", "ja": "日本語"}


def choices(sources: Mapping[str, Source]) -> Choices:
    """The choices of an installation that reads these sources."""
    return Choices(
        jurisdictions=tuple(sorted({source.jurisdiction for source in sources.values()})),
        sources=tuple(sorted(sources.values(), key=lambda source: (source.jurisdiction, source.title))),
        products=PRODUCTS,
        weekdays=WEEKDAYS,
        languages={code: _NAMES[code] for code in get_args(Language)},
        time_zones=_time_zones(),
    )


@cache
def _time_zones() -> tuple[str, ...]:
    return tuple(sorted(zone for zone in available_timezones() if _AREAS.fullmatch(zone)))


def fields_of(wish: Wish) -> dict[str, str]:
    """The form that this wish is: a box that is ticked has a field `list.word`."""
    fields = {f"{key}.{word}": "on" for key in _LISTS for word in getattr(wish, key)}
    fields |= {key: getattr(wish, key) for key in _TEXTS}
    fields |= {"hour": str(wish.hour), "clinics": " ".join(wish.clinics)}
    fields |= {"possible": "on"} if "possible" in wish.relevance else {}
    return fields | ({"paused": "on"} if wish.paused else {})


def wish_of(form: Form, sources: Mapping[str, Source]) -> Wish:
    """What a filled-in form asks for; fields that it lacks are as by default. UsageError names what cannot be."""
    wanted: dict[str, Any] = {key: form[key].strip() for key in _TEXTS if form.get(key, "").strip()}
    for key in _LISTS:
        wanted[key] = [name.removeprefix(f"{key}.") for name in form if name.startswith(f"{key}.")]
    hour = form.get("hour", "")
    wanted |= {"hour": int(hour)} if re.fullmatch("[0-9]{1,2}", hour) else {}
    # A page of ours may be pasted in the place of its id.
    pasted = re.split(r"[\s,]+", form.get("clinics", ""))
    wanted["clinics"] = [word.rstrip("/").rsplit("/", 1)[-1] for word in pasted if word]
    wanted["relevance"] = ["relevant", "possible"] if "possible" in form else ["relevant"]
    return read_wish({**wanted, "paused": "paused" in form}, sources)
