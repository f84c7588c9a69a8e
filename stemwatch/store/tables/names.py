"""Names of firms and people, and parts of addresses, in the notices that have them.

`names` has each of them once, `name_search` finds them by their words, `notice_names` says where they are. Of an
address the city, the region and the country are names as it has them, and `US-FL` is one of the kind
`subdivision`.
"""

NAMES = """
CREATE INDEX notices_by_source ON notices (source, posted_on);
CREATE INDEX clinics_by_name ON clinic_names (name);

CREATE TABLE names (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (kind, name)
);
CREATE VIRTUAL TABLE name_search USING fts5 (
    name, content = 'names', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER names_searched AFTER INSERT ON names
BEGIN INSERT INTO name_search (rowid, name) VALUES (new.id, new.name); END;

CREATE TABLE notice_names (
    name INTEGER NOT NULL REFERENCES names (id),
    notice INTEGER NOT NULL REFERENCES notices (id),
    PRIMARY KEY (name, notice)
) WITHOUT ROWID;
CREATE INDEX names_of_notice ON notice_names (notice);

CREATE TEMP TABLE named AS
SELECT notice, 'firm' AS kind, json_extract(value, '$.name') AS name FROM parties, json_each(body, '$.firms')
UNION SELECT notice, 'person', json_extract(value, '$.name') FROM parties, json_each(body, '$.people')
UNION SELECT notice, 'city', json_extract(value, '$.city') FROM parties, json_each(body, '$.addresses')
UNION SELECT notice, 'region', json_extract(value, '$.region') FROM parties, json_each(body, '$.addresses')
UNION SELECT notice, 'country', json_extract(value, '$.country') FROM parties, json_each(body, '$.addresses')
UNION SELECT notice, 'subdivision',
             nullif(json_extract(value, '$.country'), '') || '-' || nullif(json_extract(value, '$.region'), '')
FROM parties, json_each(body, '$.addresses');
INSERT INTO names (kind, name) SELECT DISTINCT kind, name FROM temp.named WHERE name <> '';
INSERT INTO notice_names (name, notice)
SELECT n.id, w.notice FROM temp.named w JOIN names n ON n.kind = w.kind AND n.name = w.name;
DROP TABLE temp.named
"""
