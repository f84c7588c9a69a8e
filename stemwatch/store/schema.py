"""The database's shape, as numbered steps. A released step is never altered: a new one follows."""

from secrets import token_hex

from sqlite_utils import Database, Migrations

from stemwatch.store.m007_subscriptions import m007_subscriptions

migrations = Migrations("stemwatch")


@migrations()
def m001_first(db: Database) -> None:
    for statement in FIRST.split(";\n"):
        if statement.strip():
            db.execute(statement)
    db.execute("INSERT INTO instance VALUES (?, '')", [token_hex(8)])


@migrations()
def m002_routes(db: Database) -> None:
    db.execute("ALTER TABLE notices ADD COLUMN routes TEXT NOT NULL DEFAULT '[]'")


migrations()(m007_subscriptions)

STEPS = ("m001_first", "m002_routes", "m007_subscriptions")


FIRST = """
CREATE TABLE instance (id TEXT NOT NULL, lexicon TEXT NOT NULL);

CREATE TABLE sources (
    name TEXT PRIMARY KEY,
    revision INTEGER NOT NULL DEFAULT 0,
    baselined_at TEXT,
    last_run TEXT,
    last_started_at TEXT,
    last_ok_at TEXT,
    verdict TEXT,
    verdict_since TEXT,
    reason TEXT NOT NULL DEFAULT '',
    not_before TEXT
);

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    revision INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    applied_at TEXT NOT NULL,
    verdict TEXT NOT NULL,
    reason TEXT NOT NULL,
    seconds REAL NOT NULL,
    requests INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    total INTEGER,
    details_read INTEGER NOT NULL,
    details_failed INTEGER NOT NULL,
    details_left INTEGER NOT NULL,
    verbs TEXT NOT NULL
);
CREATE INDEX runs_by_source ON runs (source, started_at);

CREATE TABLE notices (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    posted_on TEXT,
    issued_on TEXT,
    case_number TEXT NOT NULL,
    fields TEXT NOT NULL,
    closed_out_on TEXT,
    closed_out_url TEXT NOT NULL,
    responded_on TEXT,
    responded_url TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'listed',
    absent INTEGER NOT NULL DEFAULT 0,
    absent_since TEXT,
    reissued_as INTEGER REFERENCES notices (id),
    closed_by INTEGER REFERENCES notices (id),
    doubted INTEGER NOT NULL DEFAULT 0,
    label TEXT NOT NULL DEFAULT 'unrelated',
    score REAL NOT NULL DEFAULT 0,
    reasons TEXT NOT NULL DEFAULT '[]',
    products TEXT NOT NULL DEFAULT '[]',
    first_run TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    capture TEXT NOT NULL,
    UNIQUE (source, key)
);
CREATE INDEX notices_by_posting ON notices (posted_on DESC, id DESC);
CREATE INDEX notices_by_label ON notices (label, posted_on DESC);
CREATE INDEX notices_by_case ON notices (source, case_number) WHERE case_number <> '';
CREATE INDEX notices_absent ON notices (source) WHERE absent > 0;

CREATE TABLE pages (
    id INTEGER PRIMARY KEY,
    notice INTEGER NOT NULL REFERENCES notices (id),
    role TEXT NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL DEFAULT '',
    fields TEXT NOT NULL DEFAULT '{}',
    fingerprint TEXT NOT NULL DEFAULT '',
    revision INTEGER NOT NULL DEFAULT 0,
    etag TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    read_at TEXT,
    looked_at TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    failure TEXT NOT NULL DEFAULT '',
    capture TEXT NOT NULL DEFAULT '',
    UNIQUE (notice, role)
);

CREATE TABLE texts (
    page INTEGER PRIMARY KEY REFERENCES pages (id),
    body TEXT NOT NULL
);

CREATE TABLE decisions (
    notice INTEGER PRIMARY KEY REFERENCES notices (id),
    label TEXT NOT NULL,
    why TEXT NOT NULL,
    decided_at TEXT NOT NULL
);

CREATE TABLE changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    notice INTEGER NOT NULL REFERENCES notices (id),
    run TEXT NOT NULL REFERENCES runs (id),
    verb TEXT NOT NULL,
    cause TEXT NOT NULL,
    detected_at TEXT NOT NULL,
    edited TEXT NOT NULL DEFAULT '[]',
    related INTEGER REFERENCES notices (id),
    late INTEGER NOT NULL DEFAULT 0,
    matched_at TEXT
);
CREATE INDEX changes_of_notice ON changes (notice);
CREATE INDEX changes_to_match ON changes (id) WHERE matched_at IS NULL;

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    change INTEGER NOT NULL REFERENCES changes (id),
    notice INTEGER NOT NULL REFERENCES notices (id),
    role TEXT NOT NULL,
    fields TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX versions_of_change ON versions (change);

CREATE TABLE captures (
    sha256 TEXT NOT NULL,
    run TEXT NOT NULL REFERENCES runs (id),
    url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    file TEXT NOT NULL,
    offset INTEGER NOT NULL,
    length INTEGER NOT NULL,
    PRIMARY KEY (file, offset)
) WITHOUT ROWID;
CREATE INDEX captures_by_digest ON captures (sha256);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    subscription TEXT NOT NULL,
    identity TEXT NOT NULL,
    kind TEXT NOT NULL,
    starts_at TEXT,
    ends_at TEXT,
    created_at TEXT NOT NULL,
    next_try_at TEXT NOT NULL,
    lease_until TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    error TEXT NOT NULL DEFAULT '',
    sent_at TEXT,
    dead_at TEXT,
    UNIQUE (subscription, identity)
);
CREATE INDEX deliveries_due ON deliveries (next_try_at) WHERE sent_at IS NULL AND dead_at IS NULL;

CREATE TABLE delivered_changes (
    subscription TEXT NOT NULL,
    change INTEGER NOT NULL REFERENCES changes (id),
    delivery INTEGER NOT NULL REFERENCES deliveries (id),
    PRIMARY KEY (subscription, change)
) WITHOUT ROWID;
CREATE INDEX changes_of_delivery ON delivered_changes (delivery);

CREATE VIEW search_documents AS
SELECT n.id AS id, n.title AS title, json_extract(n.fields, '$.office') AS office,
       json_extract(n.fields, '$.subject') AS subject,
       n.case_number AS case_number,
       (SELECT group_concat(t.body, char(10)) FROM pages p JOIN texts t ON t.page = p.id WHERE p.notice = n.id)
       AS body
FROM notices n;

CREATE VIRTUAL TABLE search USING fts5 (
    title, office, subject, case_number, body, tokenize = 'unicode61 remove_diacritics 2'
);
"""
