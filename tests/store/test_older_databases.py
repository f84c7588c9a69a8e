"""What was owed and sent before subscriptions were kept in the database stays owed and sent."""

import sqlite3

from sqlite_utils import Database

from stemwatch.store.schema import m007_subscriptions
from stemwatch.store.tables.first import FIRST

OLD = """
INSERT INTO deliveries
    (subscription, identity, kind, starts_at, ends_at, created_at, next_try_at, sent_at, dead_at)
VALUES ('press', 'a', 'at_once', NULL, NULL, '2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z', NULL, NULL),
       ('press', 'b', 'daily', '2025-01-01T08:00:00Z', '2025-01-02T08:00:00Z', '2025-01-01T00:00:00Z',
        '2025-01-02T08:00:00Z', NULL, '2025-01-03T00:00:00Z')
"""


def test_older_deliveries_are_due_when_they_were_and_old_failures_are_no_news() -> None:
    db = Database(sqlite3.connect(":memory:"))
    for statement in filter(str.strip, FIRST.split(";\n")):
        db.execute(statement)
    db.execute(OLD)
    m007_subscriptions(db)
    rows = db.execute("SELECT identity, due_at, reported, withdrawn FROM deliveries ORDER BY id").fetchall()
    assert rows == [("a", "2025-01-01T00:00:00Z", 0, 0), ("b", "2025-01-02T08:00:00Z", 1, 0)]
