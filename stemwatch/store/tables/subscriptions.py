"""Subscriptions kept in the database, what is known of each channel, and what a delivery leaves behind."""

# subscriptions.public: a stranger gave the channel. deliveries.lane: the receiver's host, hashed; due_at: when it
# was first owed, whatever was tried since; parts: how much of its message was accepted before the rest failed.
SUBSCRIPTIONS = """
CREATE TABLE subscriptions (
    name TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    channel TEXT NOT NULL,
    public INTEGER NOT NULL,
    created_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE channel_states (
    subscription TEXT PRIMARY KEY,
    windows_until TEXT,
    refusals INTEGER NOT NULL DEFAULT 0,
    disabled_at TEXT,
    why TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;

CREATE INDEX channels_disabled ON channel_states (subscription) WHERE disabled_at IS NOT NULL;

CREATE TABLE corrections (
    id INTEGER PRIMARY KEY,
    change INTEGER NOT NULL UNIQUE REFERENCES changes (id),
    why TEXT NOT NULL,
    corrected_at TEXT NOT NULL
);

CREATE TABLE reports (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    lines TEXT NOT NULL
);

CREATE TABLE troubles (
    topic TEXT PRIMARY KEY,
    sentence TEXT NOT NULL,
    since TEXT NOT NULL
) WITHOUT ROWID;

ALTER TABLE deliveries ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN due_at TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN subject TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN answer TEXT NOT NULL DEFAULT '';
ALTER TABLE deliveries ADD COLUMN parts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN withdrawn INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN reported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE deliveries ADD COLUMN correction INTEGER REFERENCES corrections (id);
ALTER TABLE deliveries ADD COLUMN report INTEGER REFERENCES reports (id);
UPDATE deliveries SET due_at = coalesce(ends_at, created_at), reported = dead_at IS NOT NULL;
CREATE INDEX deliveries_to_report ON deliveries (id) WHERE dead_at IS NOT NULL AND reported = 0;
CREATE INDEX deliveries_of_subscription ON deliveries (subscription, id);

ALTER TABLE delivered_changes ADD COLUMN why TEXT NOT NULL DEFAULT '[]';
ALTER TABLE delivered_changes ADD COLUMN late INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_of_change ON delivered_changes (change);
"""
