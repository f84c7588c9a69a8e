"""Three invented lists in one store: a federal agency, a state, a prosecutor. Each tells of invented clinics."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

from stemwatch.records import Listed, Page
from tests.store.builders import SOURCE, START, World, letter, opened, page

REGULATORS = {"us_agency_news": "Agency", "us_state_news": "State", "us_prosecutor_news": "Prosecutor"}
SOURCES = {
    name: msgspec.structs.replace(SOURCE, name=name, regulator=regulator, title=f"{regulator} news", list="window")
    for name, regulator in REGULATORS.items()
}
AGENCY, STATE, PROSECUTOR = SOURCES
SUED = "filed a complaint in federal court against Talvex Labs, LLC over its umbilical cord stem cell therapy."
Told = tuple[Listed, Page]


def release(key: str, title: str, on: str = "2024-03-01", text: str = f"The authority {SUED}") -> Told:
    """A press release of a day with its page."""
    day = date.fromisoformat(on)
    row = letter(key, title, kind="press_release", posted_on=day, issued_on=None, office="", subject="")
    return row, page(row, text, label="")


SUIT = release("suit", "Agency sues Talvex Labs, LLC")
JOINED = release("joined", "State joins action against Talvex Labs, LLC", "2024-03-02")
OLDER = release("older", "A grocer settles", "2023-01-01", "It sold flour.")
CHARGED = release("charged", "Complaint against Talvex Labs, LLC", "2024-03-03")


class Publishers(World):
    """One store with all three sources; a run is of the one that is named."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.source = SOURCES[AGENCY]
        self.store = opened(home, SOURCES)
        self.days = 0

    def baseline(self) -> None:
        for name in SOURCES:
            self.publish(name, OLDER)

    def publish(
        self, source: str, *told: Told, only: Sequence[str] | None = None, at: datetime | None = None
    ) -> None:
        """A run of this source, a day after the last or `at` a moment; `only` these keys have their pages."""
        self.source = SOURCES[source]
        at = at or START + timedelta(days=self.days + 1)
        pages = [read for row, read in told if only is None or row.key in only]
        self.run([row for row, _ in told], *pages, started_at=at, finished_at=at)

    def events(self) -> dict[str, str]:
        """The event of each notice that has one."""
        return {one.notice: one.event for one in self.store.all_notices() if one.event}
