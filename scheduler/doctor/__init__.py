"""Everything the service rests on, looked at without changing anything: one finding for each check."""

from collections.abc import Iterator, Mapping

from scheduler.doctor import folder, machine, sites
from scheduler.doctor.finding import Finding
from scheduler.house import open_house
from stemwatch.errors import UsageError

__all__ = ["examine"]


def examine(environ: Mapping[str, str], *, offline: bool) -> Iterator[Finding]:
    """Every check in turn; `offline` asks no site. What cannot be read is a finding, never an error."""
    yield from machine.versions()
    yield machine.time_zones()
    try:
        house = open_house(environ)
    except UsageError as error:
        yield Finding("settings", "trouble", f"{error} Nothing else can be looked at before that.")
        return
    yield from machine.settings(house)
    yield from machine.rules(house)
    yield from folder.folder(house)
    yield from folder.stored(house)
    yield from folder.backups(house)
    if not offline:
        yield from sites.sites(house)
