"""What deliveries tell: their changes, the notices behind them, and the words that changed."""

from collections.abc import Collection, Iterable, Mapping

import msgspec
from sqlite_utils import Database

from stemwatch.deliveries import Content, Correction, Delivery, Report
from stemwatch.records import Source
from stemwatch.store import corrections, reports
from stemwatch.store.clinics.finding import clinic_name
from stemwatch.store.dossiers import text_diff
from stemwatch.store.events import others
from stemwatch.store.views import CHANGE_SQL, NOTICE_SQL, change_view, notice_view

_strings = msgspec.json.Decoder(tuple[str, ...]).decode


class Contents:
    """Reads what deliveries tell; a change that many of them tell is read once."""

    def __init__(self, db: Database, sources: Mapping[str, Source]) -> None:
        self.db = db
        self.sources = sources
        self._known: dict[int, Content] = {}

    def of(self, deliveries: Collection[Delivery]) -> dict[int, list[Content]]:
        """By delivery, oldest change first."""
        found: dict[int, list[Content]] = {delivery.id: [] for delivery in deliveries}
        ids = msgspec.json.encode([delivery.id for delivery in deliveries]).decode()
        rows = self.db.execute(_TOLD, {"ids": ids}).fetchall()
        self._read(change for _, change, _, _ in rows)
        for delivery, change, why, late in rows:
            content = self._known[change]
            told = msgspec.structs.replace(content.change, late=True) if late else content.change
            found[delivery].append(msgspec.structs.replace(content, change=told, why=_strings(why)))
        return found

    def about(self, delivery: Delivery) -> Report | Correction | None:
        """What a report or a correction says; None for what tells of changes."""
        if delivery.report is not None:
            return reports.read(self.db, delivery.report)
        return corrections.read(self.db, delivery.id) if delivery.correction is not None else None

    def _read(self, changes: Iterable[int]) -> None:
        wanted = set(changes)
        if len(self._known) > _KEPT:
            self._known.clear()
        missing = msgspec.json.encode(sorted(wanted - self._known.keys())).decode()
        rows = list(self.db.query(f"{CHANGE_SQL} WHERE c.id IN (SELECT value FROM json_each(?))", [missing]))
        if not rows:
            return
        numbers = msgspec.json.encode(sorted({row["notice_id"] for row in rows})).decode()
        notices = {
            row["id"]: notice_view(row, self.sources)
            for row in self.db.query(f"{NOTICE_SQL} WHERE n.id IN (SELECT value FROM json_each(?))", [numbers])
        }
        for row in rows:
            notice = notices[row["notice_id"]]
            self._known[row["change"]] = Content(
                change=change_view(row),
                notice=notice,
                clinics=tuple(f"{clinic_name(self.db, clinic)} ({clinic})" for clinic in notice.clinics),
                also=others(self.db, self.sources, row["notice_id"]) if notice.event else (),
                diff=text_diff(self.db, row["change"], row["notice_id"]),
            )


_KEPT = 2000
"""Changes kept while they may be told again."""

_TOLD = """
SELECT delivery, change, why, late FROM delivered_changes WHERE delivery IN (SELECT value FROM json_each(:ids))
UNION ALL
SELECT d.id, k.change, '[]', 0 FROM deliveries d JOIN corrections k ON k.id = d.correction
WHERE d.id IN (SELECT value FROM json_each(:ids))
ORDER BY 1, 2
"""
