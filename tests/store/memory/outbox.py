"""Deliveries: what is owed, who sends it now, what became of it."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec

from stemwatch.deliveries import Owed, Settled
from stemwatch.errors import UsageError
from tests.store.memory.tables import ChannelRow, DeliveryRow, Tables, ToldRow, put, whole

AT_ONCE = {"at_once", "burst"}


def owe(tables: Tables, debt: Owed, now: datetime) -> int:
    """Give a change to a subscription that was not given it; returns how many deliveries are new."""
    if (debt.subscription, debt.change) in tables.told:
        return 0
    late = debt.later is not None and _taken(tables, debt)
    debt = debt.later if late and debt.later else debt
    identity = _identity(tables, debt, now)
    created = insert(tables, msgspec.structs.replace(debt, identity=identity))
    delivery = _find(tables, debt.subscription, identity)
    assert delivery is not None
    told = ToldRow(delivery=delivery.number, why=debt.why, late=late)
    tables.told[debt.subscription, debt.change] = told
    return created


def _find(tables: Tables, subscription: str, identity: str) -> DeliveryRow | None:
    rows = (row for row in tables.deliveries.values() if row.subscription == subscription)
    return next((row for row in rows if row.identity == identity), None)


def _taken(tables: Tables, debt: Owed) -> bool:
    found = _find(tables, debt.subscription, debt.identity)
    return found is not None and found.taken


def _identity(tables: Tables, debt: Owed, now: datetime) -> str:
    """That of the delivery that takes the debt: one of its own when the one of its identity was taken up."""
    if debt.kind != "burst":
        return f"{debt.identity}+{debt.change}" if _taken(tables, debt) else debt.identity
    rows = (row for row in tables.deliveries.values() if row.subscription == debt.subscription)
    bursts = (row for row in rows if row.kind == "burst" and not row.taken)
    return next((row.identity for row in bursts if row.ends_at and row.ends_at > whole(now)), debt.identity)


def insert(tables: Tables, debt: Owed, *, correction: int | None = None) -> int:
    """One delivery for a subscription and identity; 0 when it was there."""
    if _find(tables, debt.subscription, debt.identity):
        return 0
    number, due = len(tables.deliveries) + 1, whole(debt.due_at)
    taken = ("subscription", "identity", "kind", "lane", "urgent")
    tables.deliveries[number] = DeliveryRow(
        **{name: getattr(debt, name) for name in taken},
        number=number,
        due_at=due,
        next_try_at=due,
        starts_at=whole(debt.starts_at) if debt.starts_at else None,
        ends_at=whole(debt.ends_at) if debt.ends_at else None,
        correction=correction,
    )
    return 1


def claim(
    tables: Tables, *, now: datetime, until: datetime, limit: int, resting: Collection[str], full: Collection[str]
) -> list[DeliveryRow]:
    """The oldest due deliveries that nobody holds."""
    now = whole(now)
    free = [
        row
        for row in tables.deliveries.values()
        if row.pending and row.next_try_at <= now and (row.lease_until is None or row.lease_until <= now)
        if row.subscription not in resting and row.lane not in full
    ]
    free.sort(key=lambda row: (row.next_try_at, row.number))
    values = {"lease_until": whole(until)}
    return [put(tables.deliveries, row.number, attempts=row.attempts + 1, **values) for row in free[:limit]]


def settle(tables: Tables, outcome: Settled) -> None:
    row = tables.deliveries[outcome.delivery]
    values: dict[str, Any] = {"lease_until": None}
    if outcome.outcome == "sent":
        values |= {"sent_at": whole(outcome.at), "subject": outcome.subject, "answer": outcome.answer}
        channel(tables, row.subscription, refusals=0)
    elif outcome.outcome == "dead":
        values |= {"dead_at": whole(outcome.at), "error": outcome.error}
        if outcome.refused:
            _refused(tables, outcome)
    else:
        assert outcome.until is not None
        values["next_try_at"] = until = whole(outcome.until)
        if outcome.outcome == "retry":
            values |= {"error": outcome.error, "parts": outcome.parts}
        else:
            values |= {"due_at": max(row.due_at, until), "attempts": row.attempts - 1}
    put(tables.deliveries, row.number, **values)
    if outcome.rest:
        _rest(tables, outcome.subscription, whole(outcome.rest))


def _rest(tables: Tables, subscription: str, until: datetime) -> None:
    for row in list(tables.deliveries.values()):
        if row.subscription == subscription and row.pending and row.next_try_at < until:
            put(tables.deliveries, row.number, next_try_at=until)


def _refused(tables: Tables, outcome: Settled) -> None:
    old = tables.channels.get(outcome.subscription, ChannelRow())
    refusals = old.refusals + 1
    disabled = old.disabled or refusals >= outcome.patience
    channel(tables, outcome.subscription, refusals=refusals, disabled=disabled)


def channel(tables: Tables, subscription: str, **values: Any) -> None:
    """What is known of a channel from now on."""
    tables.channels.setdefault(subscription, ChannelRow())
    put(tables.channels, subscription, **values)


def withdraw(tables: Tables, rows: Iterable[DeliveryRow], why: str, now: datetime) -> int:
    """Take back what is owed; returns how many deliveries."""
    values = {"dead_at": whole(now), "withdrawn": True, "error": why, "lease_until": None}
    return len([put(tables.deliveries, row.number, **values) for row in rows])


def correct(tables: Tables, change: int, why: str, now: datetime) -> None:
    """Say that a change was told wrongly, and take it out of what nobody has begun to send."""
    if change not in tables.changes:
        raise UsageError(f"There is no change {change}.")
    if change in tables.corrections:
        raise UsageError(f"Change {change} was corrected before.")
    tables.corrections[change] = why
    for (subscription, of), told in list(tables.told.items()):
        if of == change and not tables.deliveries[told.delivery].taken:
            del tables.told[subscription, of]
            left = any(other.delivery == told.delivery for other in tables.told.values())
            row = tables.deliveries[told.delivery]
            withdraw(tables, [] if left else [row], f"Corrected before it was sent: {why}", now)


def owe_corrections(tables: Tables, now: datetime) -> int:
    """Owe each correction to whoever accepted the wrong message; returns how many are new."""
    created = 0
    for (subscription, change), told in tables.told.items():
        if change in tables.corrections and (sent := tables.deliveries[told.delivery]).sent_at:
            identity = f"correction:{change}"
            debt = Owed(
                subscription=subscription,
                change=change,
                identity=identity,
                kind="correction",
                due_at=now,
                lane=sent.lane,
            )
            created += insert(tables, debt, correction=change)
    return created
