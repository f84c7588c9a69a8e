"""What a subscription was told already by a message about another notice of the same event."""

from typing import NamedTuple

from sqlite_utils import Database


class Told(NamedTuple):
    """The delivery that tells of the event; `begun` when nothing can be added to it any more."""

    delivery: int
    identity: str
    begun: bool


# A later stage, a correction of what was told, and whatever else happens to a notice are news.
_TOLD = """
SELECT d.id, d.identity, d.attempts > 0 OR d.sent_at IS NOT NULL AS begun
FROM changes c JOIN notices n ON n.id = c.notice
JOIN events e ON e.notice = n.id JOIN events o ON o.event = e.event AND o.notice <> e.notice
JOIN notices t ON t.id = o.notice AND n.stage IN ('', t.stage)
JOIN changes f ON f.notice = t.id AND f.verb = 'added'
JOIN delivered_changes g ON g.subscription = :subscription AND g.change = f.id
JOIN deliveries d ON d.id = g.delivery AND d.dead_at IS NULL
WHERE c.id = :change AND c.verb = 'added' AND f.id NOT IN (SELECT change FROM corrections)
  AND (d.sent_at IS NOT NULL OR (d.kind IN ('at_once', 'burst') AND NOT :urgent))
ORDER BY d.id LIMIT 1
"""


def told(db: Database, subscription: str, change: int, *, urgent: bool) -> Told | None:
    """How the event of a new notice is told to the subscription by an earlier message at the same stage.

    An urgent change waits for no message that is still to be sent.
    """
    row = db.execute(_TOLD, {"subscription": subscription, "change": change, "urgent": urgent}).fetchone()
    return Told(row[0], row[1], bool(row[2])) if row else None


def keep(db: Database, subscription: str, change: int, delivery: int) -> None:
    """Record that the change is not sent, and which delivery told of its event instead."""
    sql = "INSERT INTO told_as_event VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET delivery = excluded.delivery"
    db.conn.execute(sql, (subscription, change, delivery))
