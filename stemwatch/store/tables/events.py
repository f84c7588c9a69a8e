"""Events: notices of several publishers about one thing, and what was told as part of one.

`event_keys` holds by what a notice can be tied, as it was last looked at; `events` only notices that share an
event, which goes by its earliest notice. `told_as_event` are changes that were not sent because the delivery named
there had told the subscription of the event.
"""

EVENTS = """
ALTER TABLE instance ADD COLUMN tying TEXT NOT NULL DEFAULT '';

CREATE TABLE event_keys (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    day TEXT NOT NULL,
    notice INTEGER NOT NULL REFERENCES notices (id),
    PRIMARY KEY (kind, value, day, notice)
) WITHOUT ROWID;
CREATE INDEX event_keys_of_notice ON event_keys (notice);

CREATE TABLE events (
    notice INTEGER PRIMARY KEY REFERENCES notices (id),
    event INTEGER NOT NULL REFERENCES notices (id)
);
CREATE INDEX notices_of_event ON events (event);

CREATE TABLE told_as_event (
    subscription TEXT NOT NULL,
    change INTEGER NOT NULL REFERENCES changes (id),
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    PRIMARY KEY (subscription, change)
) WITHOUT ROWID;
CREATE INDEX told_with_delivery ON told_as_event (delivery);
CREATE INDEX told_of_change ON told_as_event (change)
"""
