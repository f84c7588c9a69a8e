"""Clinics: who is named where, and what people decided about it.

`actors` are businesses as one notice names them. A clinic is a row for every id ever given out; `notice` and
`slot` are its anchor, `became` the id of the clinic that its anchor belongs to now, when that goes by another id.
`clinic_names` and `clinic_search` are of the ids in use.
"""

CLINICS = """
ALTER TABLE instance ADD COLUMN linking TEXT NOT NULL DEFAULT '';

CREATE TABLE parties (
    notice INTEGER PRIMARY KEY REFERENCES notices (id),
    digest TEXT NOT NULL,
    body TEXT NOT NULL
);

CREATE TABLE clinics (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    notice INTEGER NOT NULL REFERENCES notices (id),
    slot TEXT NOT NULL,
    became TEXT REFERENCES clinics (id),
    name TEXT NOT NULL DEFAULT '',
    UNIQUE (notice, slot)
);
CREATE INDEX clinics_that_became ON clinics (became) WHERE became IS NOT NULL;

CREATE TABLE actors (
    id INTEGER PRIMARY KEY,
    notice INTEGER NOT NULL REFERENCES notices (id),
    slot TEXT NOT NULL,
    day TEXT NOT NULL,
    clinic TEXT REFERENCES clinics (id),
    tie TEXT NOT NULL,
    joined TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (notice, slot)
);
CREATE INDEX actors_of_clinic ON actors (clinic);

CREATE TABLE actor_keys (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    actor INTEGER NOT NULL REFERENCES actors (id),
    PRIMARY KEY (kind, value, actor)
) WITHOUT ROWID;
CREATE INDEX keys_of_actor ON actor_keys (actor);

CREATE TABLE dropped_keys (
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    firms INTEGER NOT NULL,
    PRIMARY KEY (kind, value)
) WITHOUT ROWID;

CREATE TABLE relations (
    kind TEXT NOT NULL,
    one INTEGER NOT NULL REFERENCES actors (id),
    other INTEGER NOT NULL REFERENCES actors (id),
    mention TEXT NOT NULL,
    PRIMARY KEY (one, other, kind)
) WITHOUT ROWID;
CREATE INDEX relations_of_other ON relations (other);

CREATE TABLE clinic_names (
    clinic TEXT NOT NULL REFERENCES clinics (id),
    name TEXT NOT NULL,
    joined TEXT NOT NULL,
    first_on TEXT,
    last_on TEXT,
    PRIMARY KEY (clinic, name)
) WITHOUT ROWID;

CREATE TABLE clinic_decisions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    verb TEXT NOT NULL,
    clinic TEXT NOT NULL REFERENCES clinics (id),
    other TEXT REFERENCES clinics (id),
    why TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    undone_at TEXT
);

CREATE TABLE decided_actors (
    decision INTEGER NOT NULL REFERENCES clinic_decisions (id),
    notice INTEGER NOT NULL REFERENCES notices (id),
    slot TEXT NOT NULL,
    side TEXT NOT NULL,
    PRIMARY KEY (decision, notice, slot)
) WITHOUT ROWID;
CREATE INDEX decided_actors_by_notice ON decided_actors (notice, slot);

CREATE VIRTUAL TABLE clinic_search USING fts5 (
    names, people, websites, places, tokenize = 'unicode61 remove_diacritics 2'
)
"""
