"""What only the pages of the site ask for. Nothing here writes."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from sqlite_utils import Database

from stemwatch.clinics.actors import Actor
from stemwatch.clinics.views import PartyView
from stemwatch.records import Source
from stemwatch.store.clinics.telling import printed
from stemwatch.store.database import stamp
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, capture_view, change_view, notice_view
from stemwatch.views import CaptureView, ChangeView, CorrectionView, NoticeView

_NOTICE = "(SELECT id FROM notices WHERE source = ? AND key = ?)"
_PARTIES = f"""
SELECT a.clinic, coalesce(c.name, '') AS known_as, a.tie, a.body
FROM actors a LEFT JOIN clinics c ON c.id = a.clinic
WHERE a.notice = {_NOTICE} ORDER BY a.slot <> '', a.id
"""
_ABOUT = """
SELECT a.clinic, n.id FROM actors a JOIN notices n ON n.id = a.notice
WHERE a.clinic IN (SELECT value FROM json_each(?)) AND n.label <> 'unrelated'
GROUP BY a.clinic, n.id ORDER BY coalesce(n.posted_on, n.issued_on) DESC, n.id DESC
"""
_SHOWN = f"{NOTICE_SQL} WHERE n.id IN (SELECT value FROM json_each(?))"
_NEWS = "c.cause = 'source' AND c.verb <> 'baseline' AND n.label <> 'unrelated'"
_CORRECTIONS = f"""
SELECT k.change, k.why, k.corrected_at FROM corrections k JOIN changes c ON c.id = k.change
WHERE c.notice = {_NOTICE} ORDER BY k.change
"""
_CAPTURE = """
SELECT * FROM captures WHERE sha256 = :sha256 AND (:at = '' OR fetched_at = :at)
ORDER BY fetched_at, file, offset LIMIT 1
"""


class Shown:
    """The part of `Store` that pages alone ask for."""

    home: Path
    db: Database
    sources: Mapping[str, Source]

    def parties(self, notice: str) -> tuple[PartyView, ...]:
        """Every business that a notice names, whom it is about first."""
        rows = self.db.query(_PARTIES, list(notice.partition("/")[::2]))
        return tuple(_party(row) for row in rows)

    def notices_about(self, clinics: Collection[str], most: int) -> dict[str, tuple[NoticeView, ...]]:
        """For each clinic the newest notices, at most `most`, that name it and are not unrelated."""
        named: dict[str, list[int]] = defaultdict(list)
        for clinic, number in self.db.execute(_ABOUT, [msgspec.json.encode(list(clinics)).decode()]):
            if len(named[clinic]) < most:
                named[clinic].append(number)
        asked = msgspec.json.encode(sorted({number for found in named.values() for number in found})).decode()
        views = {row["id"]: notice_view(row, self.sources) for row in self.db.query(_SHOWN, [asked])}
        return {clinic: tuple(views[number] for number in numbers) for clinic, numbers in named.items()}

    def kinds(self) -> list[str]:
        """Every kind of notice that there is."""
        return [kind for (kind,) in self.db.execute("SELECT DISTINCT kind FROM notices ORDER BY kind")]

    def changes_after(self, cursor: int, most: int, *, everything: bool = False) -> list[ChangeView]:
        """The first `most` changes after the cursor, oldest first.

        Those that regulators made to notices that are not unrelated, a first look left out; or `everything`.
        """
        return list(self._changes("c.id > ?", cursor, "ASC", most, everything))

    def changes_before(self, cursor: int | None, most: int, *, everything: bool = False) -> list[ChangeView]:
        """As `changes_after`, but the last `most` before the cursor or of all, newest first."""
        return list(self._changes("c.id < coalesce(?, c.id + 1)", cursor, "DESC", most, everything))

    def _changes(
        self, where: str, cursor: int | None, order: Literal["ASC", "DESC"], most: int, everything: bool
    ) -> Iterator[ChangeView]:
        told = "" if everything else f"AND {_NEWS}"
        sql = f"{CHANGE_SQL} WHERE {where} {told} ORDER BY c.id {order} LIMIT ?"
        return (change_view(row) for row in self.db.query(sql, [cursor, most]))

    def corrections(self, notice: str) -> tuple[CorrectionView, ...]:
        """What was told wrongly of a notice, oldest change first."""
        rows = self.db.query(_CORRECTIONS, list(notice.partition("/")[::2]))
        return tuple(
            CorrectionView(**row | {"corrected_at": datetime.fromisoformat(row["corrected_at"])}) for row in rows
        )

    def capture(self, sha256: str, at: datetime | None = None) -> CaptureView | None:
        """The response whose body has this SHA-256, fetched at that moment or else the first; None without one."""
        row = next(iter(self.db.query(_CAPTURE, {"sha256": sha256, "at": stamp(at) if at else ""})), None)
        return capture_view(row) if row else None


def _party(row: Mapping[str, str]) -> PartyView:
    actor = msgspec.json.decode(row["body"], type=Actor)
    return PartyView(
        clinic=row["clinic"],
        known_as=row["known_as"],
        name=actor.name,
        names=tuple(dict.fromkeys(firm.name for firm in actor.names[1:] if firm.name != actor.name)),
        tie=actor.names[0].tie,
        people=tuple(dict.fromkeys(", ".join(filter(None, (who.name, who.title))) for who in actor.people)),
        websites=tuple(dict.fromkeys(site.domain for site in actor.websites if site.kind == "site" and site.own)),
        places=tuple(dict.fromkeys(filter(None, map(printed, actor.addresses)))),
    )
